import { scenarioOf } from './simulate.ts';
import { runScenario } from './run-scenario.ts';
import { faultKinds, troubleKinds } from './scenario.ts';
const [seed, run, steps, faults] = process.argv.slice(2);
const allowed = new Set(faults === 'none' ? [] : [...faultKinds, ...troubleKinds]);
const out = await runScenario(scenarioOf({ steps: Number(steps), allowed }, { seed: Number(seed), run: Number(run) }), (t) => {
  for (const i of t.jira.people.issues())
    console.log(
      'JIRA',
      i.key,
      i.id,
      i.type,
      i.summary,
      JSON.stringify(i.description),
      i.comments.map((c) => [c.id, c.text]),
      i.attachments.map((a) => a.name),
      Object.keys(i.properties),
    );
  for (const i of t.github.issues('acme/app'))
    console.log(
      'GH',
      i.number,
      i.title,
      i.labels,
      JSON.stringify(i.body?.replaceAll(/sallyport:[\w-]{30,}[\w.-]*/g, 'STAMP')),
      i.comments.map((c) => [c.id, c.body.slice(0, 60)]),
    );
});
console.log(out.violations, out.cycles);
