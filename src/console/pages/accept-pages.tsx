import type { Check } from '../../core/result.ts';
import type { Draft } from '../held.ts';
import { projectText } from '../held.ts';
import { shownDay, shownTitle } from '../shown-text.ts';
import { texts } from '../texts.ts';
import type { SecretToAdd } from '../workflow-file.ts';
import { actionPlaceholder, workflowPath } from '../workflow-file.ts';
import { documentText } from './layout.tsx';
import type { View } from './layout.tsx';
import { Area, Checks, Choice, Facts, Field, Form, Note, Outward, Problem, Status, Steps } from './parts.tsx';

const words = texts.accept;

/** Step 1: the code. */
export function pastePage(
  view: View,
  model: {
    readonly problem: string | undefined;
    /** To the console, by flag or variable. */
    readonly isGiven: boolean;
    /** From the try before. */
    readonly isKept: boolean;
  },
): string {
  return documentText({
    title: words.title,
    children: (
      <div class="card dialog">
        <h1>{words.title}</h1>
        <Steps steps={words.steps} at={0} />
        <Problem message={model.problem} />
        {model.isGiven || model.isKept ? (
          <Note kind="plain">
            <p>{model.isKept ? words.kept : words.given}</p>
          </Note>
        ) : null}
        <Form csrf={view.csrf} action="/accept">
          <Area
            name="code"
            label={words.code}
            hint={words.codeHint}
            rows={5}
            required={!model.isGiven && !model.isKept}
            code={true}
          />
          <Field name="passphrase" label={words.passphrase} hint={words.passphraseHint} type="password" />
          <div class="buttons end">
            <a class="button plain" href="/">
              {texts.initiate.cancel}
            </a>
            <button type="submit" class="primary">
              {words.read}
            </button>
          </div>
        </Form>
      </div>
    ),
  });
}

interface DestinationModel {
  readonly draft: Draft;
  /** Of this machine: expiry is checked by the site's time when accepting. */
  readonly now: number;
  readonly problem: string | undefined;
}

/** What the code says, and where its issues are to go. */
export function destinationPage(view: View, model: DestinationModel): string {
  const { draft } = model;
  return documentText({
    title: words.title,
    children: (
      <div class="card dialog">
        <h1>{words.title}</h1>
        <Steps steps={words.steps} at={1} />
        <Problem message={model.problem} />
        <h2>{words.says}</h2>
        <Said draft={draft} now={model.now} />
        <h2>{words.destination}</h2>
        <Form csrf={view.csrf} action={`/accept/${draft.id}/check`}>
          <TrackerFields draft={draft} />
          <div class="buttons end">
            <a class="button plain" href="/">
              {texts.initiate.cancel}
            </a>
            <button type="submit" class="primary">
              {words.check}
            </button>
          </div>
        </Form>
      </div>
    ),
  });
}

function Said({ draft, now }: { readonly draft: Draft; readonly now: number }) {
  const { invitation } = draft;
  const expires = shownDay(invitation.expiresAt);
  return (
    <Facts
      facts={[
        { name: words.facts.name, value: shownTitle(invitation.name) },
        { name: words.facts.site, value: <Outward url={invitation.siteUrl} label={invitation.siteUrl} /> },
        { name: words.facts.project, value: shownTitle(projectText(invitation.project)) },
        { name: words.facts.mode, value: texts.connections.basic },
        { name: words.facts.initiator, value: shownTitle(invitation.initiator) },
        { name: words.facts.issued, value: shownDay(invitation.issuedAt) },
        { name: words.facts.expires, value: now < invitation.expiresAt ? expires : `${expires}: ${words.expired}` },
      ]}
    />
  );
}

const kinds = ['github', 'jira-dc', 'redmine'] as const;

/** The inputs of the private tracker; a token that is held already need not be given again. */
export function TrackerFields({ draft }: { readonly draft: Pick<Draft, 'raw' | 'hasCredentials'> }) {
  const { raw } = draft;
  const kind = raw.tracker ?? 'github';
  const needsToken = raw['tracker-token'] === undefined && raw['app-id'] === undefined;
  return (
    <>
      <fieldset class="inline">
        <legend>{words.kind}</legend>
        {kinds.map((value) => (
          <Choice type="radio" name="tracker" value={value} label={words.kinds[value]} checked={value === kind} />
        ))}
      </fieldset>
      <div class="columns">
        <Field
          name="tracker-url"
          label={words.url}
          hint={words.urlHint}
          type="url"
          value={raw['tracker-url'] ?? 'https://github.com'}
          required={true}
        />
        <Field name="project" label={words.project} hint={words.projectHint} value={raw.project ?? ''} required={true} />
        <Field
          name="tracker-token"
          label={words.token}
          hint={raw['app-id'] === undefined ? words.tokenHint : words.appHint}
          type="password"
          required={needsToken}
          {...(raw['tracker-token'] === undefined ? {} : { placeholder: texts.initiate.hidden })}
        />
        <Field
          name="private-trigger"
          label={words.trigger}
          hint={words.triggerHint}
          value={raw['private-trigger'] ?? 'sync'}
          required={true}
        />
      </div>
      {draft.hasCredentials ? null : (
        <fieldset>
          <legend>{words.account}</legend>
          <div class="columns">
            <Field name="jira-email" label={texts.account.email} type="email" value={raw['jira-email'] ?? ''} />
            <Field name="jira-token" label={texts.account.token} type="password" />
          </div>
        </fieldset>
      )}
      <TrackerOptions raw={raw} />
    </>
  );
}

function TrackerOptions({ raw }: Pick<Draft, 'raw'>) {
  return (
    <details class="more" open={raw.tracker === 'redmine' || raw['allow-public'] === 'true'}>
      <summary>{texts.initiate.options}</summary>
      <fieldset class="inline">
        <legend>{words.format}</legend>
        {(['', 'textile', 'commonmark'] as const).map((value) => (
          <Choice
            type="radio"
            name="text-format"
            value={value}
            label={words.formats[value]}
            checked={value === (raw['text-format'] ?? '')}
          />
        ))}
      </fieldset>
      <Choice
        type="checkbox"
        name="allow-public"
        value="true"
        label={words.allowPublic}
        checked={raw['allow-public'] === 'true'}
      />
    </details>
  );
}

/** Step 3: the checks, and *Confirm* where none failed. */
export function checksPage(view: View, model: { readonly draft: Draft; readonly checks: readonly Check[] }): string {
  const { draft, checks } = model;
  const isReady = checks.length > 0 && checks.every((check) => check.outcome !== 'failed');
  return documentText({
    title: words.checks,
    crumbs: [{ label: words.title, href: `/accept/${draft.id}` }],
    children: (
      <div class="card dialog">
        <h1>{words.title}</h1>
        <Steps steps={words.steps} at={2} />
        <h2>{words.checks}</h2>
        <Checks checks={checks} />
        <Note kind={isReady ? 'good' : 'warning'}>
          <p>{isReady ? words.allPassed : words.someFailed}</p>
        </Note>
        <div class="buttons end">
          <a class="button" href={`/accept/${draft.id}`}>
            {words.change}
          </a>
          <Form csrf={view.csrf} action={`/accept/${draft.id}/check`}>
            <input type="hidden" name="same" value="true" />
            <button type="submit" class={isReady ? undefined : 'primary'}>
              {words.again}
            </button>
          </Form>
          {isReady ? (
            <Form csrf={view.csrf} action={`/accept/${draft.id}/confirm`}>
              <button type="submit" class="primary">
                {words.confirm}
              </button>
            </Form>
          ) : null}
        </div>
      </div>
    ),
  });
}

interface AcceptedModel {
  readonly draft: Draft;
  readonly workflow: string;
  /** With the value of the one that was asked for. */
  readonly secrets: readonly (SecretToAdd & { readonly value: string | undefined })[];
}

/** Step 4: what makes it run by itself. */
export function acceptedPage(view: View, model: AcceptedModel): string {
  const { draft } = model;
  const card = draft.accepted?.card;
  return documentText({
    title: words.done,
    crumbs: [{ label: words.title, href: `/accept/${draft.id}` }],
    children: (
      <div class="card dialog">
        <h1>{words.done}</h1>
        <Steps steps={words.steps} at={3} />
        <p>
          {card === undefined ? null : <Status status={card.status} />} {words.doneNote}
        </p>
        <h2>{words.secrets}</h2>
        <p class="hint">{words.secretsNote}</p>
        <Secrets view={view} model={model} />
        <h2>{words.workflow}</h2>
        <p class="hint">{words.workflowPath(workflowPath)}</p>
        <Note kind="warning">
          <p>{words.placeholder(actionPlaceholder)}</p>
        </Note>
        <textarea
          id="workflow"
          class="mono code"
          rows={model.workflow.split('\n').length}
          wrap="off"
          readonly={true}
          spellcheck={false}
          aria-label={words.workflow}
        >
          {model.workflow}
        </textarea>
        <div class="buttons scripted">
          <button type="button" data-copy-text="workflow">
            {words.copyWorkflow}
          </button>
          <output aria-live="polite" data-said={texts.initiate.copied}></output>
        </div>
        <p class="hint unscripted">{words.copyByHand}</p>
        <p class="hint">{words.runner}</p>
        <div class="buttons end">
          <a class="button primary" href={`/connections/${draft.invitation.connectionId}`}>
            {words.open}
          </a>
        </div>
      </div>
    ),
  });
}

/** Without the script a secret comes into the page, and only the one that was asked for. */
function Secrets({ view, model }: { readonly view: View; readonly model: AcceptedModel }) {
  const path = `/accept/${model.draft.id}`;
  return (
    <ul class="secrets">
      {model.secrets.map((secret) => (
        <li>
          <code>{secret.name}</code>
          <span class="dim">{words.secretValues[secret.name]}</span>
          <form method="post" action={`${path}/show`} data-copy={`${path}/secret/${secret.name}`}>
            <input type="hidden" name="csrf" value={view.csrf} />
            <input type="hidden" name="secret" value={secret.name} />
            <button type="submit" aria-label={`${words.copy} ${secret.name}`}>
              {words.copy}
            </button>
            <output aria-live="polite" data-said={texts.initiate.copied}></output>
          </form>
          {secret.value === undefined ? null : (
            <pre class="mono" tabindex={0} aria-label={secret.name}>
              {secret.value}
            </pre>
          )}
        </li>
      ))}
    </ul>
  );
}
