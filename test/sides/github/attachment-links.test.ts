import { describe, expect, it } from 'vitest';
import { githubAddresses } from '../../../src/sides/github/addresses.ts';
import { attachmentLinks, attachmentName, copyId, copyPath } from '../../../src/sides/github/attachment-links.ts';

const uuid = '11111111-2222-4333-8444-555555555555';

function linksAt(trackerUrl: string) {
  return attachmentLinks({
    addresses: githubAddresses(trackerUrl),
    filesRepository: { owner: 'acme', name: 'app' },
    branch: 'sallyport/c1',
  });
}

describe.each(['https://github.com', 'https://ghes.example'])('links to files at %s', (web) => {
  const links = linksAt(web);

  it.each([
    `${web}/user-attachments/assets/${uuid}`,
    `${web}/user-attachments/files/12/plan%20b.pdf`,
    `${web}/acme/app/files/12/plan.pdf`,
    `${web}/acme/app/assets/12/${uuid}`,
  ])('knows %s, and finds back to it', (url) => {
    const id = links.idOf(url);
    expect(id).toBeDefined();
    expect(links.urlOf(id!)).toBe(url);
    expect(links.idOf(`${url}?x=1#y`)).toBe(id);
  });

  it('knows its copies, whatever their name', () => {
    const id = copyId(copyPath({ issueId: '10001', attachmentId: '20001', name: 'a (1) #ä & [b].png' }));
    const url = links.urlOf(id)!;
    expect(url).toMatch(/\/acme\/app\/raw\/refs\/heads\/sallyport\/c1\/10001\/20001\/[^()\s[\]#&]+$/);
    expect(links.idOf(url)).toBe(id);
    expect(links.copyPathOf(id)).toMatch(/^10001\/20001\//);
  });

  it.each([
    'https://evil.example/user-attachments/assets/11111111-2222-4333-8444-555555555555',
    `${web}.evil.example/user-attachments/assets/${uuid}`,
    `${web}/user-attachments/assets/../../secret`,
    `${web}/acme/app/raw/refs/heads/sallyport/c1/../../x`,
    `${web}/acme/app/raw/refs/heads/sallyport/c1/1/2/%2e%2e`,
    `${web}/acme/app/raw/refs/heads/other/1/2/x`,
    `${web}/acme/app/issues/1`,
    'data:image/png;base64,AA',
    '',
  ])('takes %s for an ordinary link', (url) => {
    expect(links.idOf(url)).toBeUndefined();
  });

  it.each(['../../etc/passwd', 'https://evil.example/x', 'copy:../x/y', 'copy:a/b', '@evil.example/user-attachments/assets', ''])(
    'makes no address of the id %j',
    (id) => {
      expect(links.urlOf(id)).toBeUndefined();
    },
  );
});

describe('old images', () => {
  it('are known on github.com only', () => {
    const url = 'https://user-images.githubusercontent.com/583231/123-abc.png';
    expect(linksAt('https://github.com').urlOf(linksAt('https://github.com').idOf(url)!)).toBe(url);
    expect(linksAt('https://ghes.example').idOf(url)).toBeUndefined();
  });
});

describe('names', () => {
  it.each([
    [`user-attachments/assets/${uuid}`, 'screen.png', 'screen.png'],
    [`user-attachments/assets/${uuid}`, 'image', 'image-11111111'],
    [`user-attachments/assets/${uuid}`, '', 'image-11111111'],
    ['user-attachments/files/12/plan%20b.pdf', 'whatever', 'plan b.pdf'],
    ['user-images/1/abc.png', 'image', 'abc.png'],
    [`user-attachments/assets/${uuid}`, '../../x/evil\u202Egnp.exe', 'evilgnp.exe'],
  ])('of %s with the text %j: %s', (id, label, expected) => {
    expect(attachmentName(id, label)).toBe(expected);
  });

  it('of copies cannot leave their folder', () => {
    expect(copyPath({ issueId: '..', attachmentId: 'a/b', name: '../../../x' })).toBe('_../a_b/x');
    expect(copyPath({ issueId: '1', attachmentId: '2', name: '.git' })).not.toMatch(/\/\.git$/);
  });
});
