import type { AcceptRecord, InitiatorRecord, IntentRecord, RunRecord } from '../../src/connection/record.ts';

export const connectionId = 'ab12cd34ef';
export const startMs = 1_700_000_000_000;

export const initiator: InitiatorRecord = {
  format: 1,
  name: 'Acme to payments',
  mode: 'basic',
  type: 'private',
  paused: false,
  siteUrl: 'https://acme.atlassian.net',
  project: { id: '10000', key: 'ACME', name: 'Acme' },
  trigger: 'labels = sync',
  triggerSetAt: startMs,
  types: [
    { id: '10001', name: 'Task', subtask: false },
    { id: '10002', name: 'Sub-task', subtask: true },
  ],
  defaultTypeName: 'Task',
  attachmentBytesMax: 1_048_576,
  secretHash: 'a'.repeat(64),
  runnerVersionMin: '0.1.0',
  accountId: '5b10ac8d82e05b22cc7d4ef5',
  accountName: 'Sync',
  timeZone: 'Europe/Berlin',
  createdAt: startMs,
};

export const accept: AcceptRecord = {
  format: 1,
  paused: false,
  destination: 'payments',
  tracker: 'github',
  project: 'acme/payments',
  fingerprint: 'github:1234567',
  acceptedAt: startMs,
};

export const run: RunRecord = {
  format: 1,
  stateId: 'state-2',
  parentStateId: 'state-1',
  committedAt: startMs,
  resumeFrom: startMs,
  removals: [{ at: startMs, count: 2 }],
  cycles: [{ at: startMs, outcome: 'done', created: 1, updated: 2, removed: 0, conflicts: 0, failed: 0, requests: 9 }],
  permissionsSeen: { public: ['BROWSE_PROJECTS'], private: ['push'] },
};

export const intent: IntentRecord = {
  format: 1,
  at: startMs,
  side: 'public',
  origins: ['12', '13'],
  highestKey: 'ACME-41',
  runNonce: 'run1',
};

export const keys = {
  initiator: `sallyport.${connectionId}`,
  accept: `sallyport.${connectionId}.accept`,
  run: `sallyport.${connectionId}.run`,
  intent: `sallyport.${connectionId}.intent`,
};
