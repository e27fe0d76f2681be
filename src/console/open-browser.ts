import { spawn } from 'node:child_process';

/** How an address is opened on each system; none of these gives the address to a shell. */
const openers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  linux: ['xdg-open'],
};

/** Opens an address in the person's browser. False where there is none: on a server, in a container, over SSH. */
export function openBrowser(
  address: string,
  system: { readonly platform: string; readonly environment: Readonly<Record<string, string | undefined>> },
): Promise<boolean> {
  const { platform, environment } = system;
  const opener = openers[platform];
  const hasScreen = platform !== 'linux' || [environment['DISPLAY'], environment['WAYLAND_DISPLAY']].some(Boolean);
  if (opener === undefined || !hasScreen) return Promise.resolve(false);
  const [command, ...words] = opener;
  return new Promise((done) => {
    const child = spawn(command, [...words, address], { stdio: 'ignore', detached: true });
    child.once('error', () => done(false));
    child.once('spawn', () => {
      child.unref();
      done(true);
    });
  });
}
