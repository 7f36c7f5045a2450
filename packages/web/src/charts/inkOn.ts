const [dark, light] = ['#000000', '#ffffff'];

/** The ink, dark or light, that is better read on a ground of `rgb(r,g,b)`: contrast as WCAG 2.2 defines it. */
export function inkOn(ground: string): string {
  const luminance = luminanceOf((ground.match(/\d+/g) ?? []).map(Number));
  return 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 ? light : dark;
}

function luminanceOf(channels: readonly number[]): number {
  const [r, g, b] = channels.map((value) => {
    const share = value / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}
