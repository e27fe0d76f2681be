import type { CycleRow } from '../../report/status-report.ts';
import { shownTime } from '../shown-text.ts';
import { texts } from '../texts.ts';

const words = texts.connection;
const size = { width: 640, barsHeight: 52, gap: 22, left: 76 };
const cyclesShown = 20;

type Series = 'changes' | 'requests' | 'duration';

function valueOf(cycle: CycleRow, series: Series): number {
  if (series === 'requests') return cycle.requests;
  if (series === 'duration') return (cycle.durationMs ?? 0) / 1000;
  return cycle.created + cycle.updated + cycle.removed;
}

function label(value: number, series: Series): string {
  return series === 'duration' ? `${value.toFixed(1)} s` : String(value);
}

/** The last cycles, one row of bars for each thing counted; the same figures stand in a table below it. */
export function CycleChart({ cycles }: { readonly cycles: readonly CycleRow[] }) {
  const last = cycles.slice(-cyclesShown);
  if (last.length === 0) return <p class="hint">{words.noCycles}</p>;
  const hasDurations = last.some((cycle) => cycle.durationMs !== undefined);
  const series: readonly Series[] = hasDurations ? ['changes', 'requests', 'duration'] : ['changes', 'requests'];
  const height = series.length * (size.barsHeight + size.gap);
  return (
    <figure>
      <svg class="chart" viewBox={`0 0 ${size.width} ${height}`} role="img" aria-label={words.cycles}>
        {series.map((name, index) => (
          <Bars cycles={last} series={name} top={index * (size.barsHeight + size.gap)} />
        ))}
      </svg>
      <figcaption class="hint">{words.cyclesNote}</figcaption>
    </figure>
  );
}

function Bars(props: { readonly cycles: readonly CycleRow[]; readonly series: Series; readonly top: number }) {
  const { cycles, series, top } = props;
  const most = Math.max(...cycles.map((cycle) => valueOf(cycle, series)), 1);
  const step = (size.width - size.left) / cyclesShown;
  const base = top + size.barsHeight;
  return (
    <g>
      <text x={0} y={top + 14}>
        {words.series[series]}
      </text>
      <text x={0} y={top + 30} class="chart-most">
        {label(Math.max(...cycles.map((cycle) => valueOf(cycle, series))), series)}
      </text>
      <line x1={size.left} x2={size.width} y1={base} y2={base} class="chart-base" />
      {cycles.map((cycle, index) => {
        const value = valueOf(cycle, series);
        const height = value === 0 ? 2 : Math.max(3, (value / most) * (size.barsHeight - 6));
        const x = size.left + (cyclesShown - cycles.length + index) * step;
        return (
          <rect
            class={`bar-${value === 0 ? 'none' : series} bar-${cycle.outcome}`}
            x={x.toFixed(1)}
            y={(base - height).toFixed(1)}
            width={(step - 5).toFixed(1)}
            height={height.toFixed(1)}
            rx={2}
          >
            <title>{`${shownTime(cycle.at)}: ${label(value, series)}, ${cycle.outcome}`}</title>
          </rect>
        );
      })}
    </g>
  );
}

export function CycleTable({ cycles }: { readonly cycles: readonly CycleRow[] }) {
  if (cycles.length === 0) return null;
  return (
    <details class="more">
      <summary>{words.asTable}</summary>
      <table>
        <thead>
          <tr>
            {words.cycleColumns.map((column) => (
              <th scope="col">{column}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cycles.toReversed().map((cycle) => (
            <tr>
              <td>{shownTime(cycle.at)}</td>
              <td>{cycle.outcome}</td>
              <td>{`${cycle.created} / ${cycle.updated} / ${cycle.removed}`}</td>
              <td class="number">{cycle.conflicts}</td>
              <td class="number">{cycle.failed}</td>
              <td class="number">{cycle.requests}</td>
              <td class="number">{cycle.durationMs === undefined ? '' : label(cycle.durationMs / 1000, 'duration')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
