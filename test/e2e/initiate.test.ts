import { expect, test } from 'vitest';
import { createRig, initiateInputs } from './rig.ts';
import { everything } from './scenario.ts';

const unsealedCode = /sallyport1\.[\w-]+/;

for (const { name, more } of [
  { name: 'without a passphrase', more: {} },
  { name: 'that asks for an unsealed code', more: { unsealed: 'true' } },
  { name: 'without credentials in the code and without a passphrase', more: { 'without-credentials': 'true' } },
]) {
  test(`an initiate in a workflow ${name} ends with exit code 2 and writes nothing`, async () => {
    const rig = await createRig();
    const before = everything(rig);
    const end = await rig.action({ ...initiateInputs(rig), ...more, passphrase: '' });
    expect(end.exitCode).toBe(2);
    expect(end.stdout).toMatch(/^::error title=Sallyport::.*passphrase/m);
    expect(end.stdout + end.summary).not.toMatch(unsealedCode);
    expect(rig.received).toEqual([]);
    expect(everything(rig)).toEqual(before);
  });
}

test('an initiate in a workflow seals the code with the passphrase even where an unsealed one was asked for', async () => {
  const rig = await createRig();
  const end = await rig.action({ ...initiateInputs(rig), unsealed: 'true' });
  expect(end).toMatchObject({ exitCode: 0, outputs: { status: 'Pending' } });
  expect(end.summary).toMatch(/sallyport1s\.[\w-]+/);
  expect(end.summary).toContain('unknown');
  expect(end.stdout + end.summary).not.toMatch(unsealedCode);
});
