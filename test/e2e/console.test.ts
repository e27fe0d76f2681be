import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { oldestNode, runCli } from './runner.ts';
import { serveCli } from './serve-cli.ts';

async function folder(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-console-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

for (const words of [['console'], ['demo', '--serve']]) {
  const name = words.join(' ');

  test(`${name} prints an address that works once, and ends by itself when it is idle`, async () => {
    const directory = await folder();
    const served = await serveCli([...words, '--no-open', '--idle', '4s'], { directory, node: oldestNode() });
    expect(new URL(served.address).hostname).toBe('127.0.0.1');
    const entered = await fetch(served.address, { redirect: 'manual' });
    expect(entered.status).toBe(303);
    const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await fetch(served.address, { redirect: 'manual' })).status).toBe(403);
    expect((await fetch(served.origin)).status).toBe(403);
    expect(await (await fetch(served.origin, { headers: { cookie } })).text()).toContain('<h1>');
    for (const asset of ['console.css', 'console.js']) {
      const answer = await fetch(`${served.origin}/assets/${asset}`);
      expect([asset, answer.status, (await answer.text()).length > 500]).toEqual([asset, 200, true]);
    }
    expect(await served.ended).toEqual({ exitCode: 0, stderr: '' });
    expect(await readdir(directory)).toEqual([]);
  });

  test(`${name} says what to do where its port is taken, and what is wrong with its flags`, async () => {
    const served = await serveCli(['console', '--no-open'], { directory: await folder() });
    onTestFinished(() => served.stop());
    const taken = await runCli([...words, '--no-open', '--port', new URL(served.origin).port], { directory: await folder() });
    expect(taken).toMatchObject({ exitCode: 2, stdout: '' });
    expect(taken.stderr).toMatch(/port \d+ of 127\.0\.0\.1 is in use.*--port/);
    for (const [flag, value, wanted] of [
      ['--port', '70000', 'is not a port'],
      ['--idle', 'soon', 'is not a duration'],
      ['--nothing', '', 'There is no flag'],
    ] as const) {
      const end = await runCli([...words, flag, value], { directory: await folder() });
      expect([flag, end.exitCode]).toEqual([flag, 2]);
      expect(end.stderr).toContain(wanted);
    }
  });
}

test('without a screen it goes on, and says that the address is to be copied', async () => {
  const served = await serveCli(['console'], { directory: await folder() });
  await served.stop();
  expect(await served.ended).toMatchObject({ exitCode: 0 });
  expect(served.said()).toContain('There is no browser to be opened here');
});

test('with --json it says its address as one JSON document, and nothing else', async () => {
  const served = await serveCli(['console', '--json'], { directory: await folder() });
  await served.stop();
  expect(await served.ended).toMatchObject({ exitCode: 0, stderr: '' });
  expect(JSON.parse(served.said())).toEqual({ address: served.address });
});

test('each command has a help of its own, with --json as one document', async () => {
  const directory = await folder();
  for (const [command, flags] of [
    ['console', ['--no-open', '--port', '--idle']],
    ['demo', ['--serve', '--private', '--no-open']],
    ['convert', ['--from', '--check']],
    ['sync', ['--dry-run', '--run-for']],
  ] as const) {
    const end = await runCli([command, '--help'], { directory });
    expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    for (const flag of flags) expect(end.stdout).toContain(`  ${flag}`);
    const { stdout } = await runCli([command, '--json', '--help'], { directory });
    expect(JSON.parse(stdout)).toMatchObject({ command, usage: expect.stringContaining(command) });
  }
  expect(JSON.parse((await runCli(['--help', '--json'], { directory })).stdout)).toMatchObject({ commands: expect.any(Array) });
});
