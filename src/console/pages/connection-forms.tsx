import type { ConnectionCard } from '../../report/outcome.ts';
import type { ConnectionAction } from '../actions.ts';
import { actionOf } from '../actions.ts';
import { texts } from '../texts.ts';
import { TrackerFields } from './accept-pages.tsx';
import type { ConnectionModel } from './connection-page.tsx';
import type { View } from './layout.tsx';
import { Area, Choice, Field, Form } from './parts.tsx';

const words = texts.connection;

interface FormsProps {
  readonly view: View;
  readonly model: ConnectionModel;
}

function cardOf(model: ConnectionModel): ConnectionCard | undefined {
  return model.status?.card ?? model.listed?.card;
}

/** Whether an action can be done with what is known, in the state that the connection is in. */
export function isOffered(action: ConnectionAction | undefined, model: ConnectionModel): action is ConnectionAction {
  const status = cardOf(model)?.status;
  if (action === undefined || status === undefined || !action.statuses.includes(status)) return false;
  if (action.isOwn === true && model.listed === undefined) return false;
  if (action.by === 'account' || action.by === 'account-alone') return true;
  return model.held !== undefined && (action.by === 'code' || model.hasTracker);
}

function ActionForm(props: FormsProps & { readonly name: string; readonly isDanger?: true }) {
  const { view, model, name } = props;
  const action = actionOf(name);
  if (!isOffered(action, model)) return null;
  return (
    <Form csrf={view.csrf} action={`/connections/${model.connectionId}/actions/${name}`} class="stacked">
      <ActionFields name={name} model={model} />
      <div class="buttons">
        <button type="submit" class={props.isDanger === true ? 'danger' : undefined} title={action.note}>
          {action.label}
        </button>
      </div>
    </Form>
  );
}

/** The value that a field was given, where its action failed with it. */
type Typed = (field: string) => { readonly value?: string };

function ActionFields({ name, model }: { readonly name: string; readonly model: ConnectionModel }) {
  const typed: Typed = (field) => {
    const value = model.typed.get(name)?.[field];
    return value === undefined ? {} : { value };
  };
  if (name === 'connect')
    return (
      <>
        <Field name="issues" label={texts.actions.publicIssue} required={true} placeholder="ABC-12" {...typed('issues')} />
        <Field name="issues-2" label={texts.actions.privateIssue} required={true} placeholder="#34" {...typed('issues-2')} />
      </>
    );
  if (name === 'push')
    return (
      <div class="field">
        <label for="push-issues">{texts.actions.issues}</label>
        <input
          type="text"
          id="push-issues"
          name="issues"
          value={typed('issues').value ?? ''}
          required={true}
          autocomplete="off"
          aria-describedby="push-hint"
          placeholder="ABC-12 #34"
        />
        <p class="hint" id="push-hint">
          {texts.actions.issuesHint}
        </p>
      </div>
    );
  if (name === 'configure') return <ConfigureFields model={model} typed={typed} />;
  if (name === 'reissue')
    return (
      <>
        <p class="hint">{texts.actions.reissueNote}</p>
        <Field name="jira-token" label={texts.actions.reissueToken} hint={texts.actions.reissueTokenHint} type="password" />
      </>
    );
  if (name === 'reissue-finish') return <p class="hint">{texts.actions.finishNote}</p>;
  if (name === 'revoke')
    return (
      <>
        <p class="hint">{texts.actions.revokeNote}</p>
        <Choice type="checkbox" name="confirm" value="revoke" label={texts.actions.confirmRevoke} />
      </>
    );
  if (name === 'remove-record')
    return (
      <>
        <p class="hint">{texts.actions.removeRecordNote}</p>
        <Choice type="checkbox" name="confirm" value="remove-record" label={texts.actions.confirmRemoveRecord} />
      </>
    );
  if (name === 'clean-up') return <Choice type="checkbox" name="confirm" value="clean-up" label={texts.actions.confirm} />;
  return null;
}

function ConfigureFields({ model, typed }: { readonly model: ConnectionModel; readonly typed: Typed }) {
  return (
    <>
      <p class="hint">{texts.actions.configureNote}</p>
      <Field
        name="connection-name"
        label={texts.initiate.name}
        value={model.status?.card.name ?? ''}
        {...typed('connection-name')}
      />
      {cardOf(model)?.status === 'Pending' ? (
        <Field name="jira-project" label={texts.actions.project} hint={texts.actions.projectHint} {...typed('jira-project')} />
      ) : null}
      <Field name="trigger" label={texts.initiate.trigger} {...typed('trigger')} />
      <Field name="default-issue-type" label={texts.initiate.type} {...typed('default-issue-type')} />
    </>
  );
}

/** Everything that is not done at every visit: single issues, settings, the end. */
export function MoreForms(props: FormsProps) {
  const isTyped = (name: string): boolean => props.model.typed.has(name);
  const offered = (names: readonly string[]): boolean => names.some((name) => isOffered(actionOf(name), props.model));
  return (
    <>
      {offered(['connect', 'push']) ? (
        <section class="card">
          <h2>{words.issueActions}</h2>
          <details class="more" open={isTyped('connect')}>
            <summary>{texts.actions.connect}</summary>
            <p class="hint">{texts.actions.connectNote}</p>
            <ActionForm {...props} name="connect" />
          </details>
          <details class="more" open={isTyped('push')}>
            <summary>{texts.actions.push}</summary>
            <ActionForm {...props} name="push" />
          </details>
        </section>
      ) : null}
      {offered(['configure', 'reissue', 'revoke', 'clean-up', 'remove-record']) ? (
        <section class="card">
          <h2>{words.settings}</h2>
          {offered(['configure']) ? (
            <details class="more" open={isTyped('configure')}>
              <summary>{texts.actions.configure}</summary>
              <ActionForm {...props} name="configure" />
            </details>
          ) : null}
          {offered(['reissue']) ? (
            <details class="more">
              <summary>{texts.actions.reissue}</summary>
              <ActionForm {...props} name="reissue" />
              <ActionForm {...props} name="reissue-finish" />
            </details>
          ) : null}
          {offered(['clean-up', 'revoke', 'remove-record']) ? (
            <details class="more">
              <summary>{words.ending}</summary>
              {offered(['clean-up']) ? <p class="hint">{texts.actions.cleanUpNote}</p> : null}
              <ActionForm {...props} name="clean-up-plan" />
              <ActionForm {...props} name="clean-up" isDanger={true} />
              <ActionForm {...props} name="revoke" isDanger={true} />
              <ActionForm {...props} name="remove-record" isDanger={true} />
            </details>
          ) : null}
        </section>
      ) : null}
    </>
  );
}

/** What the console must be given before it can act: the code first, then the private tracker. */
export function Access({ view, model }: FormsProps) {
  const path = `/connections/${model.connectionId}`;
  const isEmptyGood = model.isCodeKept || model.isCodeGiven;
  // No code of it is good for anything any more.
  if (cardOf(model)?.status === 'Revoked') return null;
  if (model.held === undefined)
    return (
      <section class="card">
        <h2>{words.needsCode}</h2>
        <p class="hint">{words.needsCodeNote}</p>
        <Form csrf={view.csrf} action={`${path}/code`}>
          {isEmptyGood ? <p class="hint">{model.isCodeKept ? texts.accept.kept : texts.accept.given}</p> : null}
          <Area name="code" label={texts.accept.code} rows={4} required={!isEmptyGood} code={true} />
          <Field name="passphrase" label={texts.accept.passphrase} type="password" />
          <div class="buttons end">
            <button type="submit" class="primary">
              {words.open}
            </button>
          </div>
        </Form>
      </section>
    );
  if (model.hasTracker) return null;
  return (
    <section class="card">
      <h2>{words.private}</h2>
      <p class="hint">{words.privateNote}</p>
      <Form csrf={view.csrf} action={`${path}/tracker`}>
        <TrackerFields draft={{ raw: model.held.raw, hasCredentials: true }} />
        <div class="buttons end">
          <button type="submit" class="primary">
            {words.open}
          </button>
        </div>
      </Form>
    </section>
  );
}
