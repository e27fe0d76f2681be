import { expect, test } from 'vitest';
import { runScenario } from './run-scenario.ts';
import { faultKinds, privateKinds, troubleKinds } from './scenario.ts';
import type { ScenarioOptions } from './scenario.ts';
import { scenarioOf } from './simulate.ts';

const everything: ScenarioOptions = { steps: 40, privates: ['github'], allowed: new Set([...faultKinds, ...troubleKinds]) };
/** All that could go wrong when the runs below failed: with more to draw from they would be other runs. */
const formerly: ScenarioOptions = {
  steps: 40,
  privates: ['github'],
  allowed: new Set([...faultKinds.slice(0, 8), ...troubleKinds.slice(0, 12)]),
};
/** The same once people met writes and servers stored otherwise. */
const sinceMeetings: ScenarioOptions = {
  steps: 40,
  privates: ['github'],
  allowed: new Set([...faultKinds.slice(0, 10), ...troubleKinds.slice(0, 18)]),
};
/** The same against any tracker, with so many kinds of troubles and faults as there were. */
const against = (troubles: number, faults = 10): ScenarioOptions => ({
  steps: 40,
  privates: privateKinds,
  allowed: new Set([...faultKinds.slice(0, faults), ...troubleKinds.slice(0, troubles)]),
});
/** fast-check's option is nothing once in so many times: every time, while that was 1. */
const untroubled: ScenarioOptions = { ...formerly, withoutTroubles: true };
/** People meet writes of runs that die, and operators end twins. */
const deaths: ScenarioOptions = {
  ...against(0),
  allowed: new Set(['meeting-then-death', 'newer-stamp', 'unlinked', 'removals-in-turns']),
};
const outages: ScenarioOptions = { steps: 40, privates: ['github'], allowed: new Set(['history-away']) };
const stateLost: ScenarioOptions = { steps: 40, privates: ['github'], allowed: new Set(['state-lost']) };
const peopleAlone: ScenarioOptions = { steps: 40, privates: ['github'], allowed: new Set() };

/** Runs that once showed a defect. `npm run simulate -- --seed S --run R` plays one of them again. */
const regressions: readonly { readonly seed: number; readonly run: number; readonly options: ScenarioOptions }[] = [
  { seed: 1, run: 16, options: peopleAlone },
  { seed: 1, run: 18, options: peopleAlone },
  { seed: 1, run: 20, options: peopleAlone },
  { seed: 1, run: 29, options: peopleAlone },
  { seed: 1, run: 33, options: peopleAlone },
  { seed: 7, run: 36, options: untroubled },
  { seed: 7, run: 45, options: untroubled },
  { seed: 400, run: 218, options: untroubled },
  { seed: 20_261_124, run: 277, options: untroubled },
  { seed: 1_795_490_866, run: 90, options: untroubled },
  { seed: 1_795_491_277, run: 183, options: untroubled },
  { seed: 424_242, run: 145, options: formerly },
  { seed: 424_242, run: 155, options: formerly },
  { seed: 1001, run: 165, options: formerly },
  { seed: 1_795_498_514, run: 57, options: formerly },
  { seed: 1, run: 2, options: stateLost },
  { seed: 1, run: 6, options: stateLost },
  { seed: 300, run: 14, options: sinceMeetings },
  { seed: 1_795_638_548, run: 54, options: sinceMeetings },
  { seed: 795_650_581, run: 171, options: against(18) },
  { seed: 795_837_901, run: 0, options: against(18) },
  { seed: 31, run: 393, options: against(18) },
  { seed: 32, run: 128, options: against(19) },
  { seed: 33, run: 57, options: against(19) },
  { seed: 777, run: 11, options: against(20) },
  { seed: 795_845_667, run: 36, options: against(20) },
  { seed: 200_238_854, run: 66, options: against(20) },
  { seed: 780_001, run: 49, options: against(20) },
  { seed: 780_001, run: 84, options: against(20) },
  { seed: 1_795_857_000, run: 159, options: against(20) },
  { seed: 1_795_857_000, run: 284, options: against(20) },
  { seed: 1_795_857_000, run: 805, options: against(20) },
  { seed: 1_795_864_000, run: 508, options: against(20) },
  { seed: 1_795_864_000, run: 1134, options: against(20) },
  { seed: 1_795_866_900, run: 1208, options: against(20) },
  { seed: 795_868_387, run: 983, options: against(20) },
  { seed: 795_868_387, run: 1415, options: against(20) },
  { seed: 795_868_387, run: 982, options: against(20) },
  { seed: 795_879_324, run: 1005, options: against(20) },
  { seed: 795_879_324, run: 1333, options: against(20) },
  { seed: 795_879_324, run: 515, options: against(20) },
  { seed: 795_879_324, run: 579, options: against(20) },
  { seed: 795_879_324, run: 928, options: against(20) },
  { seed: 795_879_324, run: 1624, options: against(20) },
  { seed: 795_886_236, run: 454, options: against(20) },
  { seed: 795_886_934, run: 533, options: against(20) },
  { seed: 795_893_874, run: 1315, options: against(20) },
  { seed: 795_907_465, run: 46, options: against(22) },
  { seed: 795_911_090, run: 282, options: against(27) },
  { seed: 795_911_239, run: 560, options: against(27) },
  { seed: 795_912_765, run: 685, options: against(27) },
  { seed: 795_920_834, run: 883, options: against(27) },
  { seed: 795_921_519, run: 1266, options: against(27) },
  { seed: 795_923_518, run: 358, options: against(27) },
  { seed: 795_925_394, run: 1768, options: against(27) },
  { seed: 795_927_181, run: 745, options: against(27) },
  { seed: 795_936_709, run: 198, options: against(27) },
  { seed: 795_936_709, run: 1219, options: against(27) },
  { seed: 795_939_267, run: 722, options: against(27) },
  { seed: 795_939_267, run: 1722, options: against(27) },
  { seed: 795_940_470, run: 145, options: against(27) },
  { seed: 795_940_762, run: 1753, options: against(27) },
  { seed: 795_945_359, run: 898, options: against(27) },
  { seed: 949_945_433, run: 1703, options: against(27) },
  { seed: 795_963_101, run: 8, options: against(28) },
  { seed: 795_963_128, run: 615, options: against(28) },
  { seed: 795_964_763, run: 202, options: against(28) },
  { seed: 795_972_448, run: 295, options: against(28) },
  { seed: 795_976_694, run: 1102, options: against(28) },
  { seed: 795_994_376, run: 254, options: against(30, 11) },
  { seed: 796_003_678, run: 514, options: against(30, 11) },
  { seed: 796_003_833, run: 11, options: against(30, 11) },
  { seed: 796_004_332, run: 1360, options: against(30, 11) },
  { seed: 796_013_235, run: 578, options: against(30, 11) },
  { seed: 796_017_250, run: 678, options: against(30, 11) },
  { seed: 796_019_059, run: 415, options: against(30, 11) },
  { seed: 796_019_753, run: 1629, options: against(30, 11) },
  { seed: 796_030_734, run: 1236, options: against(30, 11) },
  { seed: 796_032_673, run: 424, options: { ...against(30, 11), steps: 80 } },
  { seed: 796_033_090, run: 434, options: { ...against(30, 11), steps: 80 } },
  { seed: 796_033_688, run: 994, options: { ...against(30, 11), steps: 80 } },
  { seed: 796_034_891, run: 100, options: { ...against(30, 11), steps: 80 } },
  { seed: 796_035_724, run: 580, options: { ...against(30, 11), steps: 80 } },
  { seed: 796_050_083, run: 613, options: against(31, 11) },
  { seed: 796_058_145, run: 1544, options: against(34, 11) },
  { seed: 796_058_780, run: 1967, options: against(34, 11) },
  { seed: 796_060_774, run: 1551, options: against(34, 11) },
  { seed: 796_062_416, run: 1651, options: against(34, 11) },
  { seed: 796_073_120, run: 91, options: against(34, 11) },
  { seed: 796_082_703, run: 466, options: against(34, 11) },
  { seed: 796_086_865, run: 1953, options: against(34, 11) },
  { seed: 796_088_077, run: 1297, options: against(34, 11) },
  { seed: 796_088_753, run: 1097, options: against(34, 11) },
  { seed: 795_920_836, run: 43, options: { ...against(27), privates: ['github'] } },
  { seed: 795_921_519, run: 57, options: { ...against(27), privates: ['github'] } },
  { seed: 2, run: 14, options: { ...against(20), privates: ['redmine'] } },
  { seed: 5, run: 16, options: deaths },
  { seed: 6, run: 20, options: deaths },
  { seed: 6, run: 36, options: deaths },
  { seed: 6, run: 148, options: deaths },
  { seed: 9, run: 105, options: deaths },
  { seed: 10, run: 207, options: deaths },
  { seed: 11, run: 143, options: deaths },
  { seed: 1, run: 0, options: outages },
];

for (const { seed, run, options } of regressions) {
  test(`run ${run} of seed ${seed} keeps the invariants`, async () => {
    const outcome = await runScenario(scenarioOf(options, { seed, run }));
    expect(outcome.violations).toEqual([]);
    expect(outcome.cycles).toBeGreaterThanOrEqual(3);
  });
}

test('random runs with everything that can go wrong keep the invariants', async () => {
  for (let run = 0; run < 25; run += 1) {
    const outcome = await runScenario(scenarioOf(everything, { seed: 300, run }));
    expect(outcome.violations, `run ${run}`).toEqual([]);
  }
}, 300_000);

for (const tracker of ['jira-dc', 'redmine'] as const) {
  test(`random runs with ${tracker} as the private side keep the invariants, too`, async () => {
    const options: ScenarioOptions = { ...everything, privates: [tracker] };
    for (let run = 0; run < 8; run += 1) {
      const outcome = await runScenario(scenarioOf(options, { seed: 300, run }));
      expect(outcome.violations, `run ${run}`).toEqual([]);
      expect(outcome.acts, `run ${run}`).toBeGreaterThan(0);
    }
  }, 300_000);
}

test('every tracker is drawn, and what else is drawn does not depend on it', () => {
  const any: ScenarioOptions = { ...everything, privates: privateKinds };
  const drawn = Array.from({ length: 12 }, (_, run) => scenarioOf(any, { seed: 300, run }));
  expect(new Set(drawn.map(({ settings }) => settings.private))).toEqual(new Set(privateKinds));
  for (const [run, { steps }] of drawn.entries()) expect(steps).toEqual(scenarioOf(everything, { seed: 300, run }).steps);
});

test('everything that can go wrong with a run or a request is drawn', () => {
  const cycles = Array.from({ length: 60 }, (_, run) => scenarioOf(everything, { seed: 300, run })).flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === 'cycle' ? [step] : [])),
  );
  const kindsOf = (kinds: readonly string[]): readonly string[] => [...new Set(kinds)].toSorted();
  expect(kindsOf(cycles.flatMap(({ trouble }) => trouble?.kind ?? []))).toEqual([...troubleKinds].toSorted());
  expect(kindsOf(cycles.flatMap(({ faults }) => faults.map(({ fault }) => fault)))).toEqual([...faultKinds].toSorted());
});

test('the same seed gives the same run, byte for byte', async () => {
  const play = async (): Promise<string> => JSON.stringify(await runScenario(scenarioOf(everything, { seed: 300, run: 7 })));
  expect(await play()).toBe(await play());
});
