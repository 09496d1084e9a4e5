/** Bars as an SVG that stands inside an HTML page. It shows what a table beside it says in full. */
import { cap, htmlText } from "./encode.ts";

export type BarChart = {
  /** What the parts of a bar are, from the left; at most four. */
  series: readonly string[];
  /** A bar a row: its label, and a number per series. */
  bars: readonly { label: string; values: readonly number[] }[];
};

const width = 680;
const labelWidth = 230;
const valueWidth = 60;
const rowHeight = 26;
const barHeight = 16;
const mostLabel = 28;

/** Colours of the parts, told apart by lightness too; text takes the page's colour. Trusted text, as the page's own style. */
export const chartStyle = `
figure{margin:1rem 0}svg.bars{width:100%;max-width:42.5rem;height:auto;font:13px system-ui,sans-serif}
svg.bars text{fill:var(--text)}svg.bars .axis{stroke:var(--line)}
.s0{fill:#8f1d14}.s1{fill:#d9822b}.s2{fill:#3b77b8}.s3{fill:#9fb3c8}
@media (prefers-color-scheme:dark){.s0{fill:#e5534b}.s1{fill:#f0b849}.s2{fill:#5b9bd5}.s3{fill:#6b7c8f}}
`;

/** In: the chart, and what it shows in a few words. Out: SVG; labels are encoded, nothing is loaded. Empty without bars. */
export function barChartSvg({ series, bars }: BarChart, name: string): string {
  if (bars.length === 0) return "";
  const legend = series.length > 1 ? rowHeight : 0;
  const height = legend + bars.length * rowHeight + 4;
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const largest = Math.max(1, ...bars.map(({ values }) => total(values)));
  const scale = (width - labelWidth - valueWidth) / largest;
  const rows = bars.map(({ label, values }, at) => {
    const top = legend + at * rowHeight;
    const middle = top + rowHeight / 2;
    let left = labelWidth;
    const parts = values.map((value, index) => {
      const long = round(value * scale);
      const part =
        value === 0
          ? ""
          : `<rect class="${colour(index, series)}" x="${round(left)}" y="${top + 5}" width="${long}" height="${barHeight}"><title>${htmlText(`${label}, ${series[index] ?? ""}: ${value}`)}</title></rect>`;
      left += long;
      return part;
    });
    return `<text x="${labelWidth - 8}" y="${middle + 4}" text-anchor="end">${htmlText(cap(label, mostLabel))}</text>${parts.join("")}<text x="${round(left) + 6}" y="${middle + 4}">${total(values)}</text>\n`;
  });
  const keys = series.map((one, at) => {
    const left = labelWidth + at * 115;
    return `<rect class="s${at}" x="${left}" y="6" width="12" height="12"/><text x="${left + 17}" y="16">${htmlText(cap(one, 14))}</text>`;
  });
  return `<svg class="bars" role="img" aria-label="${htmlText(`${name}; the table below says the same`)}" viewBox="0 0 ${width} ${height}" xmlns="http://www.w3.org/2000/svg">
${series.length > 1 ? `${keys.join("")}\n` : ""}<line class="axis" x1="${labelWidth}" x2="${labelWidth}" y1="${legend}" y2="${height}"/>
${rows.join("")}</svg>
`;
}

/** A single kind of thing is no alarm, so it is not red. */
function colour(index: number, series: readonly string[]): string {
  return series.length === 1 ? "s2" : `s${index}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
