import { expect, test } from 'vitest';
import { createRig, secrets } from './rig.ts';

test('save-secret stores the code of an accept as a sealed secret of the repository', async () => {
  const rig = await createRig();
  const connection = await rig.initiate();
  const token = `${secrets.githubToken}Keeper`;
  rig.github.addToken({ kind: 'fine-grained', token, login: 'syncbot', access: { secrets: 'write' } });
  const inputs = { ...connection, project: rig.repository, 'tracker-token': token, 'save-secret': 'SALLYPORT_INVITATION' };
  const end = await rig.action({ operation: 'accept', ...inputs });
  expect(end, end.stdout).toMatchObject({ exitCode: 0, outputs: { status: 'Active' } });
  expect([...rig.github.secrets(rig.repository).values.keys()]).toEqual(['SALLYPORT_INVITATION']);
});
