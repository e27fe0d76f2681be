import { expect, test } from 'vitest';
import { createGateway } from '../../../src/gateway/create-gateway.ts';
import { inspectProject } from '../../../src/sides/redmine/inspect-project.ts';
import { parseTrigger } from '../../../src/sides/redmine/trigger.ts';
import { createVirtualClock } from '../../../src/simulators/simulator.ts';

test('an address behind which no Redmine answers is told as that, with what to look at', async () => {
  const clock = createVirtualClock(0);
  const gateway = createGateway({
    transport: () => Promise.resolve(new Response('', { status: 404 })),
    clock: { monotonicMs: () => clock.now(), wait: () => Promise.resolve(), random: () => 0 },
    allowedHosts: [{ host: 'tools.corp.example', protocol: 'https:' }],
    userAgent: 'sallyport/test',
  });
  const site = { url: 'https://tools.corp.example/elsewhere', apiKey: 'key-for-tests' };
  await expect(inspectProject({ gateway, site, projectIdentifier: 'app', trigger: parseTrigger('Sync') })).rejects.toMatchObject({
    kind: 'configuration',
    message: expect.stringMatching(/no Redmine at https:\/\/tools\.corp\.example\/elsewhere.*Check tracker-url/),
  });
});
