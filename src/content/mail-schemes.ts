import { gfm } from 'micromark-extension-gfm';
import type { Construct, Extension } from './joined-data.ts';

type Code = Parameters<NonNullable<Construct['previous']>>[0];
type Token = Parameters<NonNullable<Construct['resolve']>>[0][number][1];

const [slash, period, smallM, smallX] = [47, 46, 109, 120];

/** What links an address of e-mail where it begins with a letter. */
const addresses = gfm().text?.[smallM] ?? [];

/** No address begins amid a word, nor do the schemes before one (the parser's `previousEmail`). */
function isBefore(code: Code): boolean {
  return code === null || !/[\w.+/-]/.test(String.fromCharCode(code));
}

function isResourceSign(code: Code): boolean {
  return code !== null && /[a-z\d@]/i.test(String.fromCharCode(code));
}

/** A sign of a resource, or periods before one: those at the end of a sentence are none of it. */
const resourceSign: Construct = {
  partial: true,
  tokenize(effects, ok, nok) {
    return function sign(code) {
      if (code !== period && !isResourceSign(code)) return nok(code);
      effects.consume(code);
      return code === period ? sign : ok;
    };
  },
};

/** What may follow an address of XMPP: `/` and letters, digits, `@` and periods. */
const resource: Construct = {
  partial: true,
  tokenize(effects, ok, nok) {
    const end: typeof ok = (code) => {
      effects.exit('data');
      return ok(code);
    };
    const rest: typeof ok = (code) => effects.attempt(resourceSign, rest, end)(code);
    return (code) => {
      if (code !== slash) return nok(code);
      effects.enter('data');
      effects.consume(code);
      return effects.attempt(resourceSign, rest, nok);
    };
  },
};

/** A scheme and the address after it as one link. */
function linkAfter(scheme: 'mailto:' | 'xmpp:'): Construct {
  return {
    name: 'mailScheme',
    previous: isBefore,
    tokenize(effects, ok, nok) {
      const { previous } = this;
      const address = effects.attempt(addresses, scheme === 'xmpp:' ? effects.attempt(resource, ok, ok) : ok, nok);
      let length = 0;
      return function sign(code) {
        if (length === 0) {
          if (!isBefore(previous)) return nok(code);
          effects.enter('data');
        }
        if (code !== scheme.charCodeAt(length)) return nok(code);
        effects.consume(code);
        length += 1;
        if (length < scheme.length) return sign;
        effects.exit('data');
        return address;
      };
    },
    resolve(events, context) {
      const [link, end] = [events[0]?.[1], events.at(-1)?.[1].end];
      if (link === undefined || end === undefined) return events;
      // The scheme's own token: the parser has marked it as one before which no bracket is open, and need not look again.
      Object.assign(link, { type: 'literalAutolink', end });
      // The address of such a link is all of its text.
      const text: Token = { type: 'autolinkProtocol', start: link.start, end };
      return [
        ['enter', link, context],
        ['enter', text, context],
        ['exit', text, context],
        ['exit', link, context],
      ];
    },
  };
}

/**
 * The extension with which `mailto:` and `xmpp:` before an address are part of its link, as the GitHub Flavored Markdown Spec
 * has it ("Autolinks (extension)", extended protocol autolinks); the parser knows the address alone. Only small letters count.
 */
export const mailSchemes: Extension = { text: { [smallM]: linkAfter('mailto:'), [smallX]: linkAfter('xmpp:') } };
