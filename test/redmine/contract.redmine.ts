import { afterAll } from 'vitest';
import { sideContract } from '../sides/contract.ts';
import { openSide } from './open-side.ts';
import { startRedmine } from './start-redmine.ts';

const servers = await Promise.all([
  startRedmine({ textFormat: 'textile', hasMarkField: false, fileKibMax: 1_024 }),
  startRedmine({ textFormat: 'commonmark', hasMarkField: true, fileKibMax: 1_024 }),
]);
afterAll(() => Promise.all(servers.map((server) => server.close())));

for (const [index, server] of servers.entries()) {
  const textFormat = index === 0 ? 'textile' : 'commonmark';
  sideContract(`Redmine with ${textFormat}, stamps in ${index === 0 ? 'texts' : 'a custom field'},`, async () => {
    const opened = await openSide(server, { textFormat });
    const { people } = opened;
    const requests = { create: /^POST .*\/issues\.json$/, read: /^GET .*\/issues\/\d+\.json$/ };
    return {
      clock: opened.clock,
      reader: opened.reader,
      writer: opened.writer,
      create: async ({ summary, inScope }) => {
        const id = await people.createIssue({ as: 'ada', summary, inScope });
        // So that an edit right after it falls into another second.
        server.backdate(id, 30);
        return id;
      },
      edit: (id, subject) => people.editIssue(id, { as: 'ada', subject }),
      remove: (id) => people.deleteIssue(id),
      comment: async (id, text) => void (await people.addNote(id, { as: 'ada', text })),
      fail: (request, fault) => opened.fail(requests[request], fault),
      hideContainer: () => people.expelSync(),
      loseEditing: () => people.restrictSync(),
      tooLargeBytes: 1_024 * 1_024 + 1,
      violations: () => [],
    };
  });
}
