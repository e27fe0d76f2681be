import { expect, test } from 'vitest';
import { createRig, syncReport } from './rig.ts';
import { expectInStep, expectQuiet, peopleWriteLittle } from './scenario.ts';

test("on a runner of GitHub Enterprise Server the runner's own server is the tracker, and its older cache service holds the state", async () => {
  const rig = await createRig();
  const { 'tracker-url': trackerUrl = '', 'tracker-token': token = '', ...invitation } = await rig.initiate();
  const environment = {
    GITHUB_SERVER_URL: trackerUrl,
    GITHUB_API_URL: `${trackerUrl}/api/v3`,
    GITHUB_TOKEN: token,
    ACTIONS_CACHE_SERVICE_V2: undefined,
    ACTIONS_RESULTS_URL: undefined,
  };
  peopleWriteLittle(rig);
  expect(await rig.action({ operation: 'sync', ...invitation }, environment)).toMatchObject({
    exitCode: 0,
    outputs: { created: '2', failed: '0' },
  });
  expectInStep(rig);
  expect(rig.cache.keys()).toHaveLength(1);
  const quiet = await rig.action({ operation: 'sync', ...invitation }, environment);
  expect(quiet.exitCode).toBe(0);
  expectQuiet(syncReport(quiet.report));
  const paths = rig.received.map((request) => new URL(request.url)).filter((url) => url.origin === trackerUrl);
  expect(paths.filter((url) => !url.pathname.startsWith('/api/v3/'))).toEqual([]);
});
