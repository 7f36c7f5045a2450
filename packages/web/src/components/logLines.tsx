import type { BuildLogLine } from '@athanor/schema';
import { useEffect, useRef } from 'react';

/** Lines of a build as they came; without a height in full, else the newest in view. */
export function LogLines({ lines, height }: { lines: readonly BuildLogLine[]; height?: number }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current!;
    element.scrollTop = element.scrollHeight;
  }, [lines.length]);
  return (
    <div
      ref={box}
      className="logLines"
      style={{ height }}
      tabIndex={0}
      role="log"
      aria-label="Log of the build"
    >
      {lines.map(({ at, message, code }, index) => (
        <div key={index} style={{ overflowWrap: 'anywhere' }}>
          <span style={{ color: 'var(--mantine-color-dimmed)' }}>
            {new Date(at).toLocaleTimeString(undefined, { hourCycle: 'h23' })}
          </span>{' '}
          {message}
          {code !== undefined && <span style={{ color: 'var(--mantine-color-error)' }}> {code}</span>}
        </div>
      ))}
      {lines.length === 0 && <span style={{ color: 'var(--mantine-color-dimmed)' }}>Nothing yet.</span>}
    </div>
  );
}
