import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { systemClock } from '../gateway/system-clock.ts';
import { createTransport } from '../gateway/transport.ts';
import { createGitHubSimulator } from '../simulators/github/github.ts';
import type { GitHubSimulator } from '../simulators/github/github.ts';
import { createJiraCloudSimulator } from '../simulators/jira-cloud/jira-cloud.ts';
import { memberPermissions } from '../simulators/jira-cloud/permissions.ts';
import type { FaultPlan, VirtualClock } from '../simulators/simulator.ts';
import { createDirectoryStore } from '../store/directory-store.ts';
import type { DemoWorld } from './demo-content.ts';
import type { Runtime } from './runtime.ts';

/** What the demonstration's connection signs in with; it opens nothing but the simulators beside it. */
export const demoAccess = {
  email: 'sync@example.org',
  jiraToken: 'demo-jira-token',
  trackerToken: 'ghp_demonstration',
} as const;

/** Time as it passes, and leaps on top of it: what a day would bring is shown in seconds. */
export function leapingClock(): VirtualClock {
  const startedAt = Date.now();
  const started = performance.now();
  let leapsMs = 0;
  return {
    now: () => Math.floor(startedAt + performance.now() - started + leapsMs),
    advance: (durationMs) => {
      leapsMs += durationMs;
    },
  };
}

/** The Jira Cloud site of the demonstration, with its people. `faults` is asked before each request. */
export function createDemoJira(clock: VirtualClock, site: string, faults?: FaultPlan): DemoWorld {
  const jira = createJiraCloudSimulator({
    clock,
    host: site,
    mediaHost: site.replace('127.0.0.1', 'localhost'),
    protocol: 'http:',
    limits: { rates: false },
    ...(faults === undefined ? {} : { faults }),
  });
  jira.people.addAccount({
    displayName: 'Sallyport',
    email: demoAccess.email,
    apiToken: demoAccess.jiraToken,
    permissions: [...memberPermissions, 'EDIT_ALL_COMMENTS'],
  });
  const ann = jira.people.addAccount({ displayName: 'Ann Lee' });
  const ben = jira.people.addAccount({ displayName: 'Ben Okafor' });
  jira.people.addProject({ key: 'ACME', name: 'Acme support', defaultIssueTypeName: 'Task', issueTypeSchemeReadable: true });
  return { jira, project: 'ACME', people: { ann: ann.accountId, ben: ben.accountId } };
}

/** Both trackers of the playground. */
export interface PlaygroundWorld extends DemoWorld {
  readonly github: GitHubSimulator;
  readonly repository: string;
}

/** Both trackers with their people and nothing written yet. `faults` is asked before each request of either. */
export function createDemoWorld(
  clock: VirtualClock,
  hosts: { readonly site: string; readonly github: string },
  faults?: FaultPlan,
): PlaygroundWorld {
  const jiraSide = createDemoJira(clock, hosts.site, faults);
  const github = createGitHubSimulator({
    clock,
    apiHost: hosts.github,
    webHost: hosts.github,
    protocol: 'http',
    shape: 'ghes',
    faults,
  });
  github.addUser({ login: 'dana', name: 'Dana Cruz', permission: 'write' });
  github.addUser({ login: 'eli', name: 'Eli Novak', permission: 'write' });
  github.addUser({ login: 'sallyport-sync', token: demoAccess.trackerToken, permission: 'write' });
  github.addRepository({ owner: 'acme', name: 'app', private: true });
  return { ...jiraSide, github, repository: 'acme/app' };
}

/** The runtime of a process, but for its waits. */
export function demoRuntime(log: (line: string) => void, clock: VirtualClock): Runtime {
  return {
    transport: () => createTransport({ environment: {} }),
    // Waits are leaps, too: the demonstration shows what happens, not how long it would take.
    clock: { ...systemClock(), wait: (durationMs) => Promise.resolve(clock.advance(durationMs)) },
    randomBytes: (count) => randomBytes(count),
    log: { info: log, warn: log, debug: () => undefined },
    mask: () => undefined,
    readFile: (path) => readFile(path, 'utf8'),
    writeFile: () => Promise.reject(new Error('nothing is written here')),
    pathOf: (name) => name,
    store: (state) => createDirectoryStore(state),
    version: '0.1.0',
    inWorkflow: false,
  };
}
