import { countLines, heightBins, inkLines } from './inkLines.ts';
import type { Palette } from './palette.ts';
import type { ParallelAxis } from './parallelAxes.ts';

/** Where the axes stand in the picture. */
export const parallelFrame = { left: 48, right: 52, top: 40, bottom: 26, height: 340 };
export const plotHeight = parallelFrame.height - parallelFrame.top - parallelFrame.bottom;

/** Counts and draws the lines between neighbouring axes; the pale picture of all rows is drawn once. */
export class DensityPainter {
  readonly #axes: readonly ParallelAxis[];
  readonly #gap: number;
  readonly #counts = new Uint32Array(heightBins * heightBins);
  readonly #all: Uint8Array;
  /** Ink of all rows where it is most, for each gap: what a picture of some is compared with. */
  readonly #most: number[] = [];
  #pale: { palette: Palette; pictures: HTMLCanvasElement[] } | null = null;

  constructor(axes: readonly ParallelAxis[], gap: number) {
    this.#axes = axes;
    this.#gap = gap;
    this.#all = new Uint8Array(axes[0]!.places.length).fill(1);
  }

  paint(context: CanvasRenderingContext2D, palette: Palette, kept: Uint8Array, isBrushed: boolean): void {
    if (isBrushed && this.#pale?.palette !== palette) {
      this.#pale = { palette, pictures: this.#pictures(this.#all, palette.quiet, 0.45) };
    }
    if (isBrushed) this.#place(context, this.#pale!.pictures);
    this.#place(context, this.#pictures(kept, palette.model, 1));
  }

  #place(context: CanvasRenderingContext2D, pictures: readonly HTMLCanvasElement[]): void {
    pictures.forEach((picture, i) => {
      context.drawImage(
        picture,
        parallelFrame.left + i * this.#gap,
        parallelFrame.top,
        this.#gap,
        plotHeight,
      );
    });
  }

  #pictures(kept: Uint8Array, color: string, strength: number): HTMLCanvasElement[] {
    const width = Math.max(1, Math.round(this.#gap));
    const [red, green, blue] = [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
    return this.#axes.slice(1).map((right, i) => {
      countLines(this.#axes[i]!.places, right.places, kept, this.#counts);
      const ink = new Float32Array(width * plotHeight);
      inkLines(this.#counts, ink, width, plotHeight);
      this.#most[i] ??= ink.reduce((most, value) => Math.max(most, value), 0);
      const picture = document.createElement('canvas');
      picture.width = width;
      picture.height = plotHeight;
      const context = picture.getContext('2d')!;
      const image = context.createImageData(width, plotHeight);
      // The eye tells ratios apart, not differences: a single line stays visible beside thousands.
      const scale = 1 / Math.log1p(this.#most[i]!);
      for (let k = 0; k < ink.length; k++) {
        const value = ink[k]!;
        if (value === 0) continue;
        image.data[4 * k] = red!;
        image.data[4 * k + 1] = green!;
        image.data[4 * k + 2] = blue!;
        image.data[4 * k + 3] = 255 * strength * Math.min(1, 0.12 + 0.88 * Math.log1p(value) * scale);
      }
      context.putImageData(image, 0, 0);
      return picture;
    });
  }
}

/** Draws each line by itself, those that are not kept pale and below. */
export function paintLines(
  context: CanvasRenderingContext2D,
  palette: Palette,
  axes: readonly ParallelAxis[],
  kept: Uint8Array,
  gap: number,
): void {
  const opacity = kept.length > 300 ? 0.35 : 0.6;
  for (const isKept of [0, 1]) {
    context.globalAlpha = isKept === 1 ? opacity : 0.22;
    kept.forEach((one, i) => {
      if (one === isKept) paintLine(context, axes, i, gap, isKept === 1 ? palette.model : palette.quiet, 1.3);
    });
  }
  context.globalAlpha = 1;
}

/** Draws one row; the line is broken where it has no value. */
export function paintLine(
  context: CanvasRenderingContext2D,
  axes: readonly ParallelAxis[],
  row: number,
  gap: number,
  color: string,
  width: number,
): void {
  context.beginPath();
  context.strokeStyle = color;
  context.lineWidth = width;
  let isBroken = true;
  axes.forEach(({ places }, j) => {
    const share = places[row]!;
    if (Number.isNaN(share)) {
      isBroken = true;
      return;
    }
    const [x, y] = [parallelFrame.left + j * gap, parallelFrame.top + (1 - share) * plotHeight];
    if (isBroken) context.moveTo(x, y);
    else context.lineTo(x, y);
    isBroken = false;
  });
  context.stroke();
}
