import { describe, expect, it } from 'vitest';
import { decodeTextile, patchTextile } from '../../../src/content/textile/textile.ts';
import { decodeWiki, patchWiki } from '../../../src/content/wiki/wiki.ts';
import { textileContext } from '../textile/textile-context.ts';
import { wikiContext } from '../wiki/wiki-context.ts';

/** Texts with what their codec would not write, and one word that a person on the other side changes. */
const wiki: Readonly<Record<string, string>> = {
  'an item with code right below it': '# step old word\n{code:sql|title=Q}\nselect 1\n{code}\n# b {color:red}x{color}',
  'an item with unformatted text right below it': '* old word\n{noformat}\nx\n{noformat}\n* b {color:red}x{color}',
  'an item after one with a quote right below it':
    '# a\n# b\n{quote}\nlog {color:red}x{color}\n{quote}\n# c {color:red}y{color}\n# d old word',
  'an item before one with a panel right below it':
    '# a old word\n# b\n{panel:title=T|bgColor=#fff}\nlog {color:red}x{color}\n{panel}\n# c',
  'an item with a panel right below it': '# a\n# b old word\n{panel:title=T|bgColor=#fff}\nlog {color:red}x{color}\n{panel}\n# c',
  'text below code in an item': '* a\n* b\n{code:java|title=T}\nx\n{code}\nafter, old word',
  'an item of the second level with code right below it':
    '* a\n** old word\n{code:java|title=T}\nx\n{code}\n* {color:red}c{color}',
  'an item with code right below it in a panel': '{panel:title=T}\n* old word\n{code:java|title=U}\nx\n{code}\n* b\n{panel}',
  'lines of a paragraph': 'ask [~mia] {color:red}now{color}\nold word\n{color:red}x{color}',
  'lines that end as Windows ends them': 'ask [~mia]\r\nold word\r\n{color:red}x{color}',
  'a macro that is not known': '{expand:Logs}\nintro\n\nold word\n{expand}',
  'a colour over two paragraphs': '{color:red}one\n\ntwo{color}\n\nold word',
  'a paragraph in a colour over two': '{color:red}one old word\n\ntwo{color}\n\n[~mia]',
  'items in items': '* old word\n** {color:red}x{color}\n*# [~mia]\n* [~mia]',
  'a cell': '||h||i||\n|[~mia]|old word|\n|{color:red}x{color}|y|',
  'a cell of a table without a header': '|[~mia]|old word|',
  'a cell of a header': '||{color:red}h{color}|| old word ||\n|a|b|',
  'a cell with a link beside it': '|[x|https://example.org] {color:red}x{color}|a\\|b|  old word |',
  'code with a title': 'one\n\n{code:java|title=Foo.java}\nold word();\n{code}\n\ntwo',
  'code in a panel':
    '{panel:title=T|borderStyle=dashed|borderColor=#ccc}\n{noformat:nopanel=true}\nold word\n{noformat}\n{panel}',
  'a panel': '{panel:title=T|borderColor=#ccc}\nask [~mia] {color:red}now{color}\n\nold word\n{panel}\nafter',
  'a quote in a panel':
    'one\n\n{panel:title=T|borderStyle=dashed|borderColor=#ccc}\n{quote}\n[~mia]\n\nold word\n{quote}\n\n{color:red}x{color}\n{panel}',
  'a panel that is shut': '{panel:title=T|borderStyle=dashed|borderColor=#ccc}\r\n* [~mia]\r\n* old word\r\n{panel}',
  'a panel on one line': '{panel:titleBGColor=#ccc}old word{panel}',
  'an item with a dash': '- [~mia]\n- old word\n- {color:red}x{color}',
  'an item with a dash within items': '* [~mia]\n*- a\n*- old word\n* {color:red}x{color}',
  'an item within one with a dash': '- [~mia]\n-* a\n-* old word\n-# b\n- {color:red}x{color}',
  'an item with a dash in a panel with a title': '{panel:title=T|bgColor=#fff}\n- dash1\n- old word\n- [~mia]\n{panel}',
  'an item in an item': '* [~mia]\n** {color:red}x{color}\n** old word\n* last',
  'a line with a mention, colour, emoticon and tip in it':
    'old word: ask [~mia] {color:red}now{color}, (/) [done|https://example.org|A tip] :)',
  'a line with an anchor': '{anchor:top}old word there',
  'an item and a heading with an anchor': 'h2. {anchor:top}old word\n\n# {anchor:b}x',
  'a line with an address': 'old word https://example.org/b there',
  'a line with a citation': 'old word and ??so it is?? there',
  'a line with an image that has a size': 'old word !a.png|width=300! and !a.png|thumbnail!',
  'an item with an image that has a size': '# [~mia]\n# old word !a.png|thumbnail!',
  'a cell with a mention': '||h||i||\n|a|old word [~mia]|',
  'a heading with a mention': 'h2. old word of [~mia]\n\nnext',
  'the first line of an item of several': '* old word\n{color:red}x{color} {anchor:t}\n* b',
  'the last line of an item of several': '* [~mia]\n** ask [~mia]\n{color:red}x{color} {anchor:t}\nold word\n* b',
  'a line of an item with code below it': '* ask [~mia]\nold word\n{code:java|title=T}\nx\n{code}\n* b',
  'an item right before what ends a macro that is not known': '{info}\n* old word\n{info}',
  'a line beside one with breaks in it': String.raw`{color:red}x{color} a\\b` + '\nold word\n[~mia]',
  'the title of a panel that is shut':
    '{panel:title=old word|borderStyle=dashed|borderColor=#ccc}\n* {color:red}a{color}\n** -b-\n{panel}',
  'a panel with a table in it': '{panel:title=T|bgColor=#fff}\nold word\n\n||a||b||\n|1|[~mia]|\n{panel}',
  'a table in a panel': '{panel:title=T|bgColor=#fff}\n[~mia]\n\n||a||b||\n|1|old word|\n\n{color:red}x{color}\n{panel}',
  'a quote with a table in it': '{quote}\nold word\n\n|a|{color:red}x{color}|\n{quote}',
  'a quote of one line': 'a {color:red}x{color}\nbq. old word of [~mia]\nb',
  'a line with a link around an attachment': 'old word [!a.png|thumbnail!|https://example.org/z] there',
  'an item with a mention and code below it': '* old word of [~mia]\n{code:java|title=T}\nx\n{code}',
  'an item beside one with braces in an address': '* [~mia] [spec|https://x.example/{id}] {color:red}x{color}\n* old word',
  'a line with braces in an address': 'old word [~mia] [spec|https://x.example/{id}/a^b] {color:red}x{color}',
  'a cell beside a space in an address': '|[~mia] [spec|https://x.example/a b]|old word|\n|{color:red}x{color}|y|',
  'a quote with a backslash in an address': '{quote}\n[~mia] [spec|https://x.example/a\\b]\n\nold word\n{quote}',
  'a line below one with a macro amid its words':
    'See {noformat}raw{noformat} and [~mia] {color:red}x{color}\n{color:red}y{color}\nold word',
  'a line beside a macro': 'ask [~mia] {noformat:nopanel=true}raw{noformat} old word {panel:bgColor=#fff}x{panel}',
  'a macro beside words': 'ask [~mia]{code:title=X.java|borderStyle=solid}\nold word\n{code}\n{color:red}x{color}',
  'a panel beside words': '{color:red}x{color} {panel:bgColor=#fff}[~mia]\nold word{panel} {color:red}y{color}',
  'code below an item': '* a\n{code:java|title=Foo.java}\nold word;\n{code}\n* [~mia]',
  'a panel below an item':
    '* a\n{panel:title=T|bgColor=#fff}\n[~mia] {color:red}x{color}\n\nold word\n{code:title=X}\nx\n{code}\n{panel}\n* c',
  'code below an item of a quote': '{quote}\n* a\n{code:title=X.java}\nold word\n{code}\n{quote}',
  'code below an item, in lines of Windows': '* a\r\n{code:title=X.java}\r\nx\r\nold word\r\n{code}\r\n* [~mia]',
  'a cell beside one with a macro':
    '||a||b||c||\n|open|see {color:red}x{color}\n{panel:title=A|bgColor=#eee}\nq | r\n{panel}|old word|',
  'a cell beside one with code': '|{noformat:title=x}q{noformat}|old word|[~mia]|',
  'the title of a panel': '{panel:title=old word|bgColor=#fffae6}\nask [~mia] {color:red}x{color}\n{quote}\nq\n{quote}\n{panel}',
  'an item with unformatted text in its line': '* {color:red}x{color} {noformat:nopanel=true}raw{noformat} old word\n* [~mia]',
  'unformatted text in the line of an item': '* [~mia] with {noformat:nopanel=true}old word{noformat} b\n* c',
  'an item beside one with a quote in its line': '# {color:red}x{color}\n## y {quote}[~mia]{quote} end\n## old word\n# z',
  'an item below one that begins with a quote': '* {quote}[~mia]{quote}\n* old word',
  'a quote at the begin of an item': '* {quote}[~mia] old word{quote} {color:red}x{color}\n* b',
  'a panel in the line of an item': '* [~mia] {panel:title=Q|bgColor=#eee}one\n\nold word{panel}',
  'a line of an item below one with code in it': '* [~mia] {code:title=X}a{code} b\n{color:red}x{color}\nold word\n* c',
  'a quote of one line with unformatted text in it':
    'bq. [~mia] {noformat:nopanel=true}raw{noformat} old word {color:red}x{color}',
  'code in a quote of one line': 'a\nbq. [~mia] {code:title=X}old word{code} {color:red}x{color}',
  'a line with a break in it': String.raw`one line\\ break\\{color:red}x{color} old word`,
  'a line after a break': String.raw`{color:red}x{color}\\old word\\ [~mia]`,
  'a line with breaks beside another': String.raw`one\\ two \\old word` + '\n{color:red}x{color}',
  'an item with a break in it': '* [~mia]\n** one line\\\\break &amp; old word\n* b',
  'a cell with a break in it': '||a||b||\n|one line\\\\break \\| &amp; old word|[~mia]|',
  'a heading with a break in it': String.raw`h2. one line\\ break and old word`,
  'a line with references and escapes': String.raw`R&amp;D &lt; &copy; \*no\* a \- b <!-- c --> old word {{mono *b*}}`,
  'a line with macros that are not known': '{status:colour=Red|title=X} {anchor:a} {toc} old word *[~mia]*',
  'a line whose words stand there twice': 'old word \\*a\\* old word',
  'a line with an encoded address and a colour': '[~mia] [spec|https://x.example/{id}] {color:red}x{color} old word\nb [~mia]',
  'an item with an encoded address and a colour': '* [~mia] [spec|https://x.example/{id}] {color:red}x{color} old word\n* b',
  'a heading in a quote': 'a {color:red}x{color}\n\n{quote}\nh2. old word of [~mia]\n{quote}',
  'a table in a panel without a title': '{panel}\n||a||\n|old word [~mia]|\n{panel}',
  'a table in a panel with a title': '{panel:title=T|bgColor=#fff}\n||a||\n|old word [~mia]|\n{panel}',
  'a table in a quote': '{quote}\n||a||\n|old word|\n{quote}',
  'a panel in a quote': '{quote}\n{panel:bgColor=#fff}\nold word\n{panel}\n{quote}',
  'a quote in a panel without a title': '{panel:borderColor=#ccc}\n{quote}\nold word\n{quote}\n{panel}',
  'words of a colour': 'a {color:red}all the old word here{color} and \\*a\\*',
  'words of a macro that is not known': '{note}old word{note}',
  'words beside a macro with parameters': '{status:colour=Green|title=Done}*old word*{status:title=Open}',
};

const textile: Readonly<Record<string, string>> = {
  'lines of a paragraph': '%{color:red}now%\nold word\n!>x.png!',
  'a cell': '|_. h|_. i|\n|=. %{color:red}x%|=. old word|',
  'a cell with code': '|_. h |_. i |\n| old word <code>z</code> |>. q |',
  'a cell beside one with code': '|a|<code>z|y</code>|>. old word|',
  'a header without a blank': '|_.old word|_.Value|\n|%{color:red}x%|b|',
  'a cell below headers without a blank': '|_.Name|_.Value|\n|%{color:red}x%|old word|',
  'cells without a blank': '|\\2.old word|\n|>.%{color:red}x%|(c).y|',
  'a cell beside points that are no sign': '|1.5|.x|old word|a.b|',
  'a cell over two columns': '|\\2. old word|\n|%{color:red}x%|>. y|',
  'a body that is shut': '{{collapse(T, U)\n{{toc}}\n\nsee #12 and r12\n\nold word\n}}\n\n%{color:red}x%',
  'items in items': '* old word\n** %{color:red}x%\n*# see #12\n* r12',
  'lines of a quote': '> see #12\n> old word\n> %{color:red}x%\n\nr12',
  'paragraphs of a quote': '> see #12\n>\n> old word\n>\n> %{color:red}x%',
  'a quote whose signs stand by themselves': '>see #12\n>old word\n>\n>%{color:red}x%',
  'a quote that is shut': '> see #12\r\n> old word\r\n>\r\n> * %{color:red}x%',
  'an item in a quote': '> * see #12\n> * old word\n> ** r12\n>\n> %{color:red}x%',
  'an alert': '> p(alert-warning). *Mind*\n>\n> see #12\n> old word\n>\n> %{color:red}x%',
  'a quote by its sign': 'r12\n\nbq. see #12\nold word\n%{color:red}x%',
  'the first line of a quote by its sign': 'bq(note). old word\nsee #12',
  'a line with what Redmine links': 'old word: see #12, r13, commit:abcd and [[Page]], @joe',
  'a line with a macro': 'old word {{thumbnail(a b.png, size=300)}} there',
  'a line with a colour and a title': 'old word %{color:red}now% "done(A title)":https://example.org',
  'a line with code and a citation': 'old word and @code here@ and ??so it is?? there',
  'a line with a reference to a note': 'old word[1] there\n\nfn1. note',
  'a line with addresses and images of the web':
    'old word !https://example.org/x.png!:https://example.org/z https://example.org/b there',
  'a line with links around attachments':
    'old word !a%20b.png!:https://example.org/z and !a%20b.png(T)!:https://example.org/y there',
  'the title of a body that is shut': '{{collapse(old word)\n* %{color:red}a%\n** r12\n\n|_. h|>. y|\n}}\n\n%{color:red}x%',
  'a quote with a table in it': '> old word\n>\n> |_. a|%{color:red}b%|',
  'an item with an image that has a size': '* see #12\n* old word !{width:300px}https://example.org/x.png! there',
  'an item beside one with a bar in an address': '* %{color:red}x% "a":https://x.example/a|b\n* old word',
  'a line with a quote in an address': 'old word %{color:red}x% "a":https://x.example/a"b there',
  'a line below one with code amid its words': 'See <pre>raw</pre> and %{color:red}x% #12\nold word',
  'a cell beside one with lines of code': '| see #12 <pre>a</pre>| old word |\n|>. r12|b|',
  'an item with code in its line': '* %{color:red}x% <pre>raw</pre> old word\n* see #12',
  'an item below one with code in its line': '# see #12 <pre>raw</pre> %{color:red}x%\n## old word\n# r12',
  'an item of a quote with code in its line': '> * see #12\n> * %{color:red}x% <pre>raw</pre> old word\n> %{color:red}y%\n> * z',
  'an item beside another list': '* see #12 <pre>raw</pre> x\n# %{color:red}x% <pre>raw</pre> old word',
  'a line of a quote below one with code in it': '> see %{color:red}red% <pre>raw</pre> x\n> old word',
  'a heading in a quote': 'r12\n\n> h2. old word',
  'a table in a quote': '> |a|%{color:red}b%|\n> |old word|c|',
  'a table in an alert': '> p(alert-note). *Note*\n>\n> |a|b|\n> |old word|c|',
  'a line beside bold words over two lines': 'a *b\nc* d\nold word',
  'a line within bold words over several lines': 'a *b\nold word\nc* _d\ne_',
  'words beside a link around a picture': 'see "!a%20b.png!":https://e.org/y old word',
  'words beside a picture that links': '!a%20b.png!:https://e.org/y old word',
  'a quote of two levels': '>> old word #12\n>> r12',
  'a quote of two levels with a space between': '> > old word',
  'a quote of two levels and one': '> see #12\n\n>> old word\n> again',
  'a quote of three levels below one': '> see #12\n>>> old word\n> r12',
  'code of a quote': '> <pre>\n> old word\n> </pre>\n\nr12',
  'code with a language in a quote': 'r12\n\n> <pre><code class="ruby">\n> old word\n> </code></pre>',
  'code below a name in it': '<pre class="wide">\n@mia <b>\nold word\n\n</pre>',
  'code in a line': '* see #12 <pre>old word</pre> @mia',
  'code in lines of Windows': '<pre><code class="java">\r\n@Override\r\nold word\r\n</code></pre>\r\n',
  'a quote by its sign with code in its line': 'bq(note). see #12 <pre>raw</pre> old word\n%{color:red}x%',
};

describe('an edit of one word', () => {
  it.each(Object.entries(wiki))('changes nothing else of wiki markup: %s', (_name, native) => {
    const edited = native.replace('old word', 'new word');
    expect(patchWiki(native, decodeWiki(edited, wikiContext), wikiContext)).toBe(edited);
  });

  it.each(Object.entries(textile))('changes nothing else of Textile: %s', (_name, native) => {
    const edited = native.replace('old word', 'new word');
    expect(patchTextile(native, decodeTextile(edited, textileContext), textileContext)).toBe(edited);
  });
});

describe('what an author wrote', () => {
  it.each([
    ['where the other one goes', 'a !a.png|width=300! b !a.png! c', ' !a.png|width=300!', '', 'a b !a.png! c'],
    ['where it goes and comes elsewhere', '{color:red}x{color} and y', '{color:red}x{color} and y', 'no, x', 'no, x'],
    ['that the other side adds', 'ask [~mia] now', 'now', 'or *Mia Krystof*', 'ask [~mia] or *Mia Krystof*'],
  ])('is nothing else of wiki markup: %s', (_name, native, ...[from = '', to = '', patched]) => {
    const edited = native.replace(from, to);
    expect(patchWiki(native, decodeWiki(edited, wikiContext), wikiContext)).toBe(patched);
  });

  it.each([
    ['another one', 'see #12 now', 'see #12 and #13 now', 'see #12 and #\u200b13 now'],
    ['one in code', '<code>{{toc}}</code> now', '<code>{{toc}}</code> {{toc}}', '<code>{{toc}}</code> &#123;&#123;toc}}'],
    ['one in a title', '"t(#12)":https://e.org now', '"t(#12)":https://e.org #12', '"t(#12)":https://e.org #\u200b12'],
    ['one in a description', '!x.png(#12)! now', '!x.png(#12)! #12', '!x.png(#12)! #\u200b12'],
    ['one in another', '[[r13|#12]] now', '[[r13|#12]] r13', '[[r13|#12]] r&#49;3'],
    ['one in a longer word', '#12x now', '#12x #12', '#\u200b12x #\u200b12'],
    ['one that a sign keeps from being one', 'see !{{toc}} now', 'see !{{toc}} or', 'see &#33;&#123;&#123;toc}} or'],
  ])('makes nothing live of Textile that the other side adds: %s', (_name, native, edited, patched) => {
    expect(patchTextile(native, decodeTextile(edited, textileContext), textileContext)).toBe(patched);
  });

  it.each([
    ['in a macro that is not known', '{include:title=a b c} now', ' b ', ' x ', String.raw`\{include:title=a x c\} now`],
    ['in brackets that are no link', '[a b c] now', ' b ', ' x ', String.raw`\[a x c] now`],
    ['a macro', 'a &amp; b now', 'b', '\\{toc\\}', String.raw`a &amp; \{toc\} now`],
    ['what begins with words that are there', '\\*x\\* *a b now', 'b ', 'b\\* ', '\\*x* \\*a b* now'],
  ])('makes nothing live of wiki markup that the other side adds: %s', (_name, native, ...[from = '', to = '', patched]) => {
    const edited = decodeWiki(native.replace(from, to), wikiContext);
    expect(patchWiki(native, edited, wikiContext)).toBe(patched);
  });

  it('is no macro of wiki markup where a sign makes it plain', () => {
    const native = String.raw`\{color:red}x\{color} now`;
    const edited = decodeWiki(native.replace('now', 'then'), wikiContext);
    expect(patchWiki(native, edited, wikiContext)).toBe(String.raw`\{color:red}x\{color} then`);
  });
});

describe('a paragraph', () => {
  it.each([
    ['comes into a quote', '> see #12\n>\n> %{color:red}x%', '> see #12\n>\n> new\n>\n> %{color:red}x%'],
    ['goes from a quote', '> see #12\n>\n> old\n>\n> %{color:red}x%', '> see #12\n>\n> %{color:red}x%'],
    ['comes after a comment at the end', 'see #12\n\n<!-- why -->\n', 'see #12\n\n<!-- why -->\n\nnew\n'],
    ['comes after a comment of several lines', 'see #12\n\n<!-- why\n\nso -->', 'see #12\n\n<!-- why\n\nso -->\n\nnew'],
    ['comes below a comment at the beginning', '<!-- why -->\nsee #12', '<!-- why -->\n\nnew\n\nsee #12'],
    ['comes where a comment stands', 'see #12\n\n<!-- why -->\n\nb', 'see #12\n\n<!-- why -->\n\nnew\n\nb'],
    ['comes into a text of one comment', '<!-- why -->', '<!-- why -->\n\nnew'],
    ['comes after a comment in a quote', '> see #12\n>\n> <!-- why -->', '> see #12\n>\n> <!-- why -->\n>\n> new'],
    [
      'comes after a comment in details',
      '{{collapse(t)\nsee #12\n\n<!-- why -->\n}}',
      '{{collapse(t)\nsee #12\n\n<!-- why -->\n\nnew\n}}',
    ],
    ['goes from before a comment at the end', 'see #12\n\nb\n\n<!-- why -->', 'see #12\n\n<!-- why -->'],
    ['comes into an alert', '> p(alert-tip). *Hint*\n>\n> see #12', '> p(alert-tip). *Hint*\n>\n> see #12\n>\n> new'],
  ])('%s of Textile without changing anything else', (_name, native, edited) => {
    expect(patchTextile(native, decodeTextile(edited, textileContext), textileContext)).toBe(edited);
  });
});

describe('an item', () => {
  it.each([
    ['comes last into a list with dashes', '- a\n- [~mia]', '- a\n- [~mia]\n- new'],
    ['comes first into a list with dashes', '- a\n- [~mia]', '- new\n- a\n- [~mia]'],
    ['comes into an item with a dash', '- a\n- [~mia]', '- a\n-* new\n- [~mia]'],
    [
      'comes into a list with dashes in a panel',
      '{panel:title=T|bgColor=#fff}\n- a\n- b\n{panel}',
      '{panel:title=T|bgColor=#fff}\n- a\n- new\n- b\n{panel}',
    ],
    ['goes from a list with dashes', '- a\n- b\n- [~mia]', '- a\n- [~mia]'],
    ['goes from tasks with items below one', '* [ ] a\n** [~mia]\n* [ ] b', '* [ ] a\n** [~mia]'],
    ['goes from below a task', '* [ ] [~mia]\n** x\n* [ ] b', '* [ ] [~mia]\n* [ ] b'],
  ])('%s of wiki markup without changing anything else', (_name, native, edited) => {
    expect(patchWiki(native, decodeWiki(edited, wikiContext), wikiContext)).toBe(edited);
  });
});

describe('one of several pictures', () => {
  const [a, b] = ['https://example.org/a.png', 'https://example.org/b.png'];

  it.each([
    ['of a line', `!{width:9px}${a}! !{width:8px}${b}(old)! !a%20b.png(shown)!\n\nsee #12`],
    ['of a line each', `!{width:9px}${a}!\n!{width:8px}${b}(old)!`],
    ['of a quote', `> !{width:9px}${a}! !{width:8px}${b}(old)!\n>\n> see #12`],
    ['of details', `{{collapse(t)\n!{width:9px}${a}! !{width:8px}${b}(old)!\n}}`],
    ['of an item', `* see #12\n* !{width:9px}${a}! !{width:8px}${b}(old)!\n** !a%20b.png!`],
    ['of a task', '* [ ] !{width:9px}a%20b.png! !{width:8px}a%20b.png(old)!\n* [x] see #12'],
    ['of a cell', `|!{width:9px}${a}! !{width:8px}${b}(old)!|see #12|`],
  ])('that is edited leaves the others of Textile as they were: %s', (_name, native) => {
    const edited = decodeTextile(native.replace('old', 'new'), textileContext);
    const written = native.replace('(old)!', '(new)!<notextile></notextile>');
    expect(patchTextile(native, edited, textileContext)).toBe(written);
  });

  it.each([
    ['goes', ` !{width:8px}${b}!`, '', `!{width:9px}${a}!\n\n!{width:7px}a%20b.png!`],
    ['comes', '! !{width:7px}', `! !${b}(x)! !{width:7px}`, `!${b}(x)!<notextile></notextile>\n\n!{width:7px}a%20b.png!`],
    ['is followed by words', '! !{width:7px}', '! and !{width:7px}', `and !{width:7px}a%20b.png!`],
  ])('that %s takes no size of another one of Textile away', (_name, from, to, rest) => {
    const native = `!{width:9px}${a}! !{width:8px}${b}! !{width:7px}a%20b.png!\n\nsee #12`;
    const patched = patchTextile(native, decodeTextile(native.replace(from, to), textileContext), textileContext);
    expect(patched).toContain(`!{width:9px}${a}!`);
    expect(patched).toContain(`${rest}\n\nsee #12`);
  });

  it.each([
    ['of a line', `!${a}|width=9! !${b}|width=8,alt=old! !a.png|thumbnail!\n\n[~mia]`],
    ['of an item', `* !${a}|width=9! !${b}|width=8,alt=old!\n* [~mia]`],
    ['of a cell', `|!${a}|width=9! !${b}|width=8,alt=old!|[~mia]|`],
  ])('that is edited leaves the others of wiki markup as they were: %s', (_name, native) => {
    const edited = decodeWiki(native.replace('old', 'new'), wikiContext);
    expect(patchWiki(native, edited, wikiContext)).toBe(native.replace('old', 'new'));
  });
});
