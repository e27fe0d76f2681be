import type { SiteProject } from '../../operations/connections.ts';
import type { Issued } from '../held.ts';
import { shownTime, shownTitle } from '../shown-text.ts';
import { texts } from '../texts.ts';
import { documentText } from './layout.tsx';
import type { View } from './layout.tsx';
import { Checks, Choice, Facts, Field, Form, Note, Problem, Status, Steps } from './parts.tsx';

const words = texts.initiate;
const crumbs = [{ label: words.title, href: '/initiate' }];

export interface Destination {
  readonly url: string;
  readonly noUrl: boolean;
}

function queryOf(destination: Destination): string {
  const { url, noUrl } = destination;
  return String(new URLSearchParams({ url, ...(noUrl ? { 'no-url': 'on' } : {}) }));
}

/** What the first step was given goes along, so that the way back leads to it. */
function Given({ destination }: { readonly destination: Destination }) {
  return (
    <>
      <input type="hidden" name="url" value={destination.url} />
      {destination.noUrl ? <input type="hidden" name="no-url" value="on" /> : null}
    </>
  );
}

function Cancel() {
  return (
    <a class="button plain" href="/">
      {words.cancel}
    </a>
  );
}

/** Step 1: where the other side is. */
export function destinationPage(model: { readonly destination: Destination; readonly problem: string | undefined }): string {
  const { destination } = model;
  return documentText({
    title: words.title,
    children: (
      <div class="card dialog">
        <h1>{words.title}</h1>
        <Steps steps={words.steps} at={0} />
        <Problem message={model.problem} />
        <form method="get" action="/initiate">
          <input type="hidden" name="step" value="mode" />
          <Field name="url" label={words.url} hint={words.urlHint} type="url" value={destination.url} />
          <Choice
            type="checkbox"
            name="no-url"
            value="on"
            label={words.noUrl}
            hint={words.noUrlHint}
            checked={destination.noUrl}
            data={{ 'data-disables': 'url' }}
          />
          <div class="buttons end">
            <Cancel />
            <button type="submit" class="primary">
              {words.next}
            </button>
          </div>
        </form>
      </div>
    ),
  });
}

/** Step 2: the mode. Script is shown, disabled, with the reason. */
export function modePage(model: { readonly destination: Destination }): string {
  const { destination } = model;
  return documentText({
    title: words.title,
    children: (
      <div class="card dialog">
        <h1>{words.title}</h1>
        <Steps steps={words.steps} at={1} />
        {destination.noUrl || destination.url === '' ? null : (
          <Note kind="plain">
            <p>{words.withUrl(shownTitle(destination.url))}</p>
          </Note>
        )}
        <form method="get" action="/initiate">
          <input type="hidden" name="step" value="project" />
          <Given destination={destination} />
          <fieldset>
            <legend>{words.mode}</legend>
            <Choice type="radio" name="mode" value="basic" label={words.basic} hint={words.basicHint} checked={true} />
            <Choice type="radio" name="mode" value="script" label={words.script} hint={words.scriptReason} disabled={true} />
          </fieldset>
          <div class="buttons end">
            <Cancel />
            <a class="button" href={`/initiate?${queryOf(destination)}`}>
              {words.back}
            </a>
            <button type="submit" class="primary">
              {words.next}
            </button>
          </div>
        </form>
      </div>
    ),
  });
}

export interface ProjectModel {
  readonly projects: readonly SiteProject[];
  readonly query: string;
  readonly problem: string | undefined;
  /** What was typed before, without a passphrase. */
  readonly values: Readonly<Record<string, string>>;
  /** A passphrase was typed before, and is kept in memory. */
  readonly hasPassphrase: boolean;
  readonly destination: Destination;
}

/** Step 3: the project, searched on the site. */
export function projectPage(view: View, model: ProjectModel): string {
  return documentText({
    title: words.title,
    children: (
      <div class="card dialog">
        <h1>{words.title}</h1>
        <Steps steps={words.steps} at={2} />
        <Problem message={model.problem} />
        <form method="get" action="/initiate" role="search" data-live="projects">
          <input type="hidden" name="step" value="project" />
          <Given destination={model.destination} />
          <div class="searchline">
            <Field name="q" label={words.search} type="search" value={model.query} />
            <button type="submit">{words.searchButton}</button>
          </div>
        </form>
        <Form csrf={view.csrf} action="/initiate">
          <Given destination={model.destination} />
          <fieldset>
            <legend>{words.projectTitle}</legend>
            <p class="hint">{words.projectHint}</p>
            <div id="projects" class="picker" aria-live="polite">
              <Projects model={model} />
            </div>
          </fieldset>
          <Options values={model.values} hasPassphrase={model.hasPassphrase} />
          <div class="buttons end">
            <Cancel />
            <a class="button" href={`/initiate?step=mode&${queryOf(model.destination)}`}>
              {words.back}
            </a>
            <button type="submit" class="primary">
              {words.submit}
            </button>
          </div>
        </Form>
      </div>
    ),
  });
}

function Projects({ model }: { readonly model: ProjectModel }) {
  const { projects } = model;
  if (projects.length === 0) return <p class="hint">{words.noProject}</p>;
  return (
    <>
      {projects.map((project) => (
        <Choice
          type="radio"
          name="project"
          value={project.key}
          label={shownTitle(project.name)}
          hint={shownTitle(project.key)}
          checked={projects.length === 1 || model.values['project'] === project.key}
        />
      ))}
      {projects.length < 50 ? null : <p class="hint">{words.manyProjects}</p>}
    </>
  );
}

/** Fields that say something else than an empty form does: what somebody typed is not hidden. */
const optionNames = ['name', 'trigger', 'type', 'without', 'sealing'] as const;

function Options({ values, hasPassphrase }: Pick<ProjectModel, 'values' | 'hasPassphrase'>) {
  const sealing = values['sealing'] ?? 'sealed';
  return (
    <details class="more" open={optionNames.some((name) => (values[name] ?? '') !== '')}>
      <summary>{words.options}</summary>
      <div class="columns">
        <Field name="name" label={words.name} hint={words.nameHint} value={values['name'] ?? ''} />
        <Field name="trigger" label={words.trigger} hint={words.triggerHint} value={values['trigger'] ?? 'labels = sync'} />
        <Field name="type" label={words.type} hint={words.typeHint} value={values['type'] ?? ''} />
      </div>
      <fieldset>
        <legend>{words.sealing}</legend>
        <Choice
          type="radio"
          name="sealing"
          value="sealed"
          label={words.sealed}
          hint={words.sealedHint}
          checked={sealing === 'sealed'}
        />
        <Choice type="radio" name="sealing" value="own" label={words.own} checked={sealing === 'own'} />
        <Field
          name="passphrase"
          label={words.ownLabel}
          type="password"
          {...(hasPassphrase ? { hint: words.ownKept, placeholder: words.hidden } : {})}
        />
        <Choice
          type="radio"
          name="sealing"
          value="unsealed"
          label={words.unsealed}
          hint={words.unsealedHint}
          checked={sealing === 'unsealed'}
        />
        <Choice
          type="checkbox"
          name="without"
          value="on"
          label={words.without}
          hint={words.withoutHint}
          checked={values['without'] === 'on'}
        />
      </fieldset>
    </details>
  );
}

/** Step 4: the code, which comes into the page only when it is asked for. */
export function initiatedPage(view: View, model: { readonly issued: Issued; readonly shown: boolean }): string {
  const { outcome } = model.issued;
  const { card } = outcome;
  const isFirst = outcome.kind === 'initiated';
  const path = `/connections/${card.connectionId}`;
  return documentText({
    title: isFirst ? words.done : words.reissued,
    crumbs: isFirst ? crumbs : [{ label: shownTitle(card.name), href: path }],
    children: (
      <div class="card dialog">
        <h1>{isFirst ? words.done : words.reissued}</h1>
        {isFirst ? <Steps steps={words.steps} at={3} /> : null}
        <Facts
          facts={[
            { name: texts.accept.facts.name, value: shownTitle(card.name) },
            { name: texts.connection.sides.public, value: `${shownTitle(card.site)}, ${shownTitle(card.project)}` },
            { name: texts.connection.sides.private, value: shownTitle(card.destination) },
            { name: texts.connections.columns[4], value: <Status status={card.status} /> },
          ]}
        />
        <Secret view={view} model={model} what="code" />
        {outcome.passphrase === undefined ? null : <Secret view={view} model={model} what="passphrase" />}
        <Note kind="plain">
          {outcome.kind === 'reissued' ? <p>{words.reissuedNotes[outcome.stage]}</p> : null}
          {card.status === 'Pending' && outcome.expiresAt !== undefined ? (
            <p>{words.mustAccept(shownTime(outcome.expiresAt))}</p>
          ) : null}
          {outcome.passphrase !== undefined ? <p>{words.another}</p> : null}
          {!isFirst && outcome.passphrase === undefined && outcome.code?.startsWith('sallyport1s.') === true ? (
            <p>{words.samePassphrase}</p>
          ) : null}
        </Note>
        {isFirst ? (
          <details class="more">
            <summary>{texts.accept.checks}</summary>
            <Checks checks={outcome.checks} />
          </details>
        ) : null}
        <div class="buttons end">
          <a class="button primary" href={isFirst ? '/' : path}>
            {words.finish}
          </a>
        </div>
      </div>
    ),
  });
}

function Secret(props: {
  readonly view: View;
  readonly model: { readonly issued: Issued; readonly shown: boolean };
  readonly what: 'code' | 'passphrase';
}) {
  const { view, model, what } = props;
  const { outcome } = model.issued;
  const label = what === 'code' ? words.code : words.passphrase;
  const path = `/initiated/${outcome.card.connectionId}`;
  return (
    <div class="secret">
      <h2>{label}</h2>
      {model.shown ? (
        <pre class="mono" tabindex={0} aria-label={label}>
          {outcome[what]}
        </pre>
      ) : (
        <p class="mono dim">{words.hidden}</p>
      )}
      <div class="buttons">
        <form method="post" action={`${path}/show`} data-copy={`${path}/${what}`}>
          <input type="hidden" name="csrf" value={view.csrf} />
          <button type="submit" class={what === 'code' ? 'primary' : undefined}>
            {what === 'code' ? words.copyCode : words.copyPassphrase}
          </button>
          <output aria-live="polite" data-said={words.copied}></output>
        </form>
        {model.shown || what === 'passphrase' ? null : (
          <Form csrf={view.csrf} action={`${path}/show`}>
            <button type="submit" class="plain">
              {words.show}
            </button>
          </Form>
        )}
      </div>
    </div>
  );
}
