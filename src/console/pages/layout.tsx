import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import { shownTitle } from '../shown-text.ts';
import { texts } from '../texts.ts';

/** What every page knows of its visitor. */
export interface View {
  readonly csrf: string;
}

interface PageProps {
  readonly title: string;
  readonly children?: Child;
  /** The pages between the first one and this one. */
  readonly crumbs?: readonly { readonly label: string; readonly href: string }[];
  readonly isHome?: true;
  readonly wide?: boolean;
  /** Where the product's name leads, and what stands beside it. */
  readonly home?: { readonly label: string; readonly href: string; readonly note: string };
}

const consoleHome = { label: texts.connections.title, href: '/', note: texts.place };

function Page(props: PageProps) {
  const { title, crumbs = [], home = consoleHome } = props;
  const shown = shownTitle(title);
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${shown} · ${texts.product}`}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/console.css" />
        <script src="/assets/console.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#content">
          {texts.skip}
        </a>
        <header class="top">
          <div class={props.wide === true ? 'bar wide' : 'bar'}>
            <a class="brand" href={home.href}>
              <Mark />
              {texts.product}
            </a>
            <nav aria-label={texts.navigation}>
              <ol class="crumbs">
                {[...(props.isHome === true ? [] : [home]), ...crumbs].map((crumb) => (
                  <li>
                    <a href={crumb.href}>{shownTitle(crumb.label)}</a>
                  </li>
                ))}
                <li aria-current="page">{shown}</li>
              </ol>
            </nav>
            <span class="place" title={texts.placeNote}>
              {home.note}
            </span>
          </div>
        </header>
        <main id="content" class={props.wide === true ? 'wide' : undefined}>
          {props.children}
        </main>
      </body>
    </html>
  );
}

/** A gate with a way out. */
function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false">
      <path d="M3 21V9l2-1V5h3v2l2.5-1V3h3v3L16 7V5h3v3l2 1v12h-6v-5a3 3 0 0 0-6 0v5z" fill="currentColor" />
    </svg>
  );
}

/** A whole document as text. */
export function documentText(props: PageProps): string {
  return String(html`<!doctype html>${<Page {...props} />}`);
}
