/*
 * All of the console's script: every page works without it. It copies what is asked for, looks for news of work, searches
 * while a person types, and greys out what a tick makes void.
 */

function say(near: Element): void {
  const output = near.parentElement?.querySelector('output[data-said]');
  if (output instanceof HTMLElement) output.textContent = output.dataset['said'] ?? '';
}

/** The value comes with this one request and goes to the clipboard; where that is barred, the form shows it. */
function copyFromServer(form: HTMLFormElement): void {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const csrf = form.querySelector('input[name=csrf]');
    const body = new URLSearchParams({ csrf: csrf instanceof HTMLInputElement ? csrf.value : '' });
    const text = fetch(form.dataset['copy'] ?? '', { method: 'POST', body }).then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.text();
    });
    text
      .then((value) => navigator.clipboard.writeText(value))
      .then(() => say(form.firstElementChild ?? form))
      .catch(() => form.submit());
  });
}

function copyFromPage(button: HTMLElement): void {
  button.addEventListener('click', () => {
    const source = document.querySelector(`#${button.dataset['copyText'] ?? ''}`);
    navigator.clipboard
      .writeText(source?.textContent ?? '')
      .then(() => say(button))
      .catch(() => {
        if (source instanceof HTMLTextAreaElement) source.select();
      });
  });
}

/** The server answers when there is news, so nothing here waits by a clock. */
async function watch(place: HTMLElement): Promise<void> {
  const answer = await fetch(`/task/${place.dataset['work'] ?? ''}/news?lines=${place.dataset['lines'] ?? '0'}`);
  if (answer.ok) location.reload();
}

function liveSearch(form: HTMLFormElement): void {
  let latest = 0;
  form.addEventListener('input', () => {
    latest += 1;
    const own = latest;
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') data.append(name, value);
    void fetch(`${form.action}?${data}`)
      .then((answer) => answer.text())
      .then((text) => {
        // Answers may overtake each other: the newest question counts.
        if (own !== latest) return;
        const name = form.dataset['live'] ?? '';
        const fresh = new DOMParser().parseFromString(text, 'text/html').querySelector(`#${name}`);
        const old = document.querySelector(`#${name}`);
        if (fresh !== null && old !== null) old.replaceWith(fresh);
      });
  });
}

function disabling(tick: HTMLInputElement): void {
  const apply = (): void => {
    const target = document.querySelector(`#${tick.dataset['disables'] ?? ''}`);
    if (target instanceof HTMLInputElement) target.disabled = tick.checked;
  };
  tick.addEventListener('change', apply);
  apply();
}

for (const form of document.querySelectorAll('form[data-copy]')) if (form instanceof HTMLFormElement) copyFromServer(form);
for (const button of document.querySelectorAll('[data-copy-text]')) if (button instanceof HTMLElement) copyFromPage(button);
for (const place of document.querySelectorAll('[data-work]')) if (place instanceof HTMLElement) void watch(place);
for (const form of document.querySelectorAll('form[data-live]')) if (form instanceof HTMLFormElement) liveSearch(form);
for (const tick of document.querySelectorAll('input[data-disables]')) if (tick instanceof HTMLInputElement) disabling(tick);
