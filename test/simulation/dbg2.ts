import { scenarioOf } from './simulate.ts';
import { runScenario } from './run-scenario.ts';
import { faultKinds, troubleKinds } from './scenario.ts';
const [seed, from, to, steps, faults] = process.argv.slice(2);
const allowed = new Set(
  faults === 'none'
    ? []
    : faults === undefined
      ? [...faultKinds, ...troubleKinds]
      : [...faultKinds, ...troubleKinds].filter((k) => faults.split(',').includes(k)),
);
const t = performance.now();
let bad = 0;
for (let run = Number(from); run < Number(to); run++) {
  const out = await runScenario(scenarioOf({ steps: Number(steps), allowed }, { seed: Number(seed), run }));
  if (out.violations.length) {
    bad++;
    console.log(
      run,
      out.violations.slice(0, 3).map((v) => v.slice(0, 300)),
    );
  }
}
console.log('bad', bad, 's/run', (performance.now() - t) / 1000 / (Number(to) - Number(from)));
