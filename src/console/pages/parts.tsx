import type { Child } from 'hono/jsx';
import type { Check } from '../../core/result.ts';
import type { ConnectionCard } from '../../report/outcome.ts';
import { safeUrl, shownMessage, shownTime, shownTitle } from '../shown-text.ts';
import { texts } from '../texts.ts';

/** A link out to a tracker: text alone where the address is none that a browser may follow. */
export function Outward({ url, label }: { readonly url: string; readonly label: string }) {
  const href = safeUrl(url);
  if (href === undefined) return <span>{shownTitle(label)}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {shownTitle(label)}
    </a>
  );
}

/** A time that breaks between day and hour alone. */
export function When({ at }: { readonly at: number }) {
  const [day = '', ...hour] = shownTime(at).split(' ');
  return (
    <>
      <span class="short">{day}</span> <span class="short">{hour.join(' ')}</span>
    </>
  );
}

export function Form(props: {
  readonly csrf: string;
  readonly action: string;
  readonly children?: Child;
  readonly class?: string;
  readonly files?: boolean;
}) {
  return (
    <form
      method="post"
      action={props.action}
      class={props.class}
      {...(props.files === true ? { enctype: 'multipart/form-data' } : {})}
    >
      <input type="hidden" name="csrf" value={props.csrf} />
      {props.children}
    </form>
  );
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly type?: 'text' | 'url' | 'email' | 'password' | 'search';
  readonly value?: string;
  readonly required?: boolean;
  readonly placeholder?: string;
  readonly autofocus?: boolean;
}

/** A labelled field; its hint is read with it. */
export function Field(props: FieldProps) {
  const { name, label, hint, type = 'text', value = '' } = props;
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        type={type}
        value={value}
        required={props.required === true}
        autofocus={props.autofocus === true}
        autocomplete="off"
        spellcheck={false}
        {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })}
        {...(hint === undefined ? {} : { 'aria-describedby': `${name}-hint` })}
      />
      {hint === undefined ? null : (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

export function Area(props: {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly rows: number;
  readonly required?: boolean;
  readonly value?: string;
  readonly code?: boolean;
}) {
  const { name, label, hint } = props;
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <textarea
        id={name}
        name={name}
        rows={props.rows}
        required={props.required === true}
        autocomplete="off"
        spellcheck={false}
        class={props.code === true ? 'mono' : undefined}
        {...(hint === undefined ? {} : { 'aria-describedby': `${name}-hint` })}
      >
        {props.value ?? ''}
      </textarea>
      {hint === undefined ? null : (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** A radio button or check box with its label and a line about it. */
export function Choice(props: {
  readonly type: 'radio' | 'checkbox';
  readonly name: string;
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
  readonly checked?: boolean;
  readonly disabled?: boolean;
  readonly data?: Readonly<Record<`data-${string}`, string>>;
}) {
  const id = `${props.name}-${props.value === '' ? 'none' : props.value}`;
  return (
    <div class={`choice${props.disabled === true ? ' off' : ''}`}>
      <input
        type={props.type}
        id={id}
        name={props.name}
        value={props.value}
        checked={props.checked === true}
        disabled={props.disabled === true}
        {...(props.hint === undefined ? {} : { 'aria-describedby': `${id}-hint` })}
        {...props.data}
      />
      <div>
        <label for={id}>{props.label}</label>
        {props.hint === undefined ? null : (
          <p class="hint" id={`${id}-hint`}>
            {props.hint}
          </p>
        )}
      </div>
    </div>
  );
}

export function Status({ status }: { readonly status: ConnectionCard['status'] | string }) {
  return <span class={`status status-${status.toLowerCase().replaceAll(/[^a-z]/g, '')}`}>{status}</span>;
}

/** Where a person is in a wizard. */
export function Steps({ steps, at }: { readonly steps: readonly string[]; readonly at: number }) {
  return (
    <ol class="steps">
      {steps.map((step, index) => (
        <li class={index < at ? 'past' : index === at ? 'now' : 'next'} {...(index === at ? { 'aria-current': 'step' } : {})}>
          {step}
        </li>
      ))}
    </ol>
  );
}

export function Problem({ message, title }: { readonly message: string | undefined; readonly title?: string }) {
  if (message === undefined) return null;
  const lines = message.split('\n').map(shownMessage);
  return (
    <div class="note note-problem" role="alert">
      {title === undefined ? null : <strong>{title}</strong>}
      {lines.map((line) => (
        <p>{line}</p>
      ))}
    </div>
  );
}

export function Note({ kind, children }: { readonly kind: 'plain' | 'good' | 'warning'; readonly children?: Child }) {
  return <div class={`note note-${kind}`}>{children}</div>;
}

/** Checks one by one, with what to do about each that did not pass. */
export function Checks({ checks }: { readonly checks: readonly Check[] }) {
  return (
    <ul class="checks">
      {checks.map((check) => (
        <li class={`check check-${check.outcome}`}>
          <span class="check-mark">{texts.accept.outcomes[check.outcome]}</span>
          <div>
            <strong>{shownTitle(check.name)}</strong> <span>{shownMessage(check.detail)}</span>
            {check.next === undefined ? null : (
              <p class="hint">
                {texts.accept.todo} {shownMessage(check.next)}
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

export function Facts({ facts }: { readonly facts: readonly { readonly name: string; readonly value: Child }[] }) {
  return (
    <dl class="facts">
      {facts.map(({ name, value }) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
