import { Skeleton } from '@mantine/core';
import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import { useEffect, useRef, useState } from 'react';

interface ChartProps {
  readonly option: EChartsCoreOption;
  readonly height: number;
  /** What the picture shows, for those who do not see it. */
  readonly label: string;
  /** `canvas` for very many points. */
  readonly renderer?: 'svg' | 'canvas';
  readonly onPick?: (dataIndex: number, seriesIndex: number) => void;
}

/** Pixels that fit beside the margins of an A4 page within a panel: nobody tells a page how wide its paper is. */
const paperWidth = 540;

/** A chart of ECharts, whose code is loaded when the first one is shown. */
export function Chart({ option, height, label, renderer = 'svg', onPick }: ChartProps) {
  const element = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);
  const pick = useRef(onPick);
  pick.current = onPick;

  useEffect(() => {
    let made: EChartsType | null = null;
    let observer: ResizeObserver | null = null;
    let isGone = false;
    const show = async (): Promise<void> => {
      const { echarts } = await import('./echarts.ts');
      if (isGone || element.current === null) return;
      made = echarts.init(element.current, null, { renderer });
      made.on('click', (event) => pick.current?.(event.dataIndex, event.seriesIndex ?? 0));
      observer = new ResizeObserver(() => made?.resize());
      observer.observe(element.current);
      setChart(made);
    };
    void show();
    return () => {
      isGone = true;
      observer?.disconnect();
      made?.dispose();
    };
  }, [renderer]);

  useEffect(() => {
    if (chart === null) return undefined;
    const toPaper = (): void => chart.resize({ width: Math.min(paperWidth, chart.getWidth()) });
    const toScreen = (): void => chart.resize({ width: 'auto' });
    window.addEventListener('beforeprint', toPaper);
    window.addEventListener('afterprint', toScreen);
    return () => {
      window.removeEventListener('beforeprint', toPaper);
      window.removeEventListener('afterprint', toScreen);
    };
  }, [chart]);

  useEffect(() => {
    chart?.setOption(
      { textStyle: { fontFamily: "'Inter Variable', sans-serif" }, ...option },
      { notMerge: true },
    );
  }, [chart, option]);

  return (
    <div style={{ position: 'relative', height }}>
      <div ref={element} role="img" aria-label={label} style={{ height, width: '100%' }} />
      {chart === null && <Skeleton height={height - 16} pos="absolute" top={8} left={0} radius="md" />}
    </div>
  );
}
