import { BuildEvent, basePath, type BuildLogLine, type BuildProgress } from '@athanor/schema';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { noteFailure } from './connection.ts';

export interface BuildStory {
  readonly progress: BuildProgress | null;
  readonly lines: readonly BuildLogLine[];
  readonly isConnected: boolean;
}

/** Wait before a broken stream is opened again, milliseconds. */
const reopenMs = 1000;

/**
 * The story of a session as it happens, by server-sent events. A stream that breaks is opened again until the build
 * has ended; the server then tells the whole story anew, so it begins from the start here as well.
 *
 * @param phase What of the session is followed; another one begins the story anew. Null follows nothing.
 */
export function useBuildStory(sessionId: string, phase: 'building' | 'ended' | null): BuildStory {
  const queries = useQueryClient();
  const [story, setStory] = useState<BuildStory>({ progress: null, lines: [], isConnected: false });

  useEffect(() => {
    if (phase === null) return;
    let source: EventSource;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (message: MessageEvent<string>): void => {
      const event = BuildEvent.parse(JSON.parse(message.data));
      if (event.type === 'log') setStory((now) => ({ ...now, lines: [...now.lines, event.line] }));
      else if (event.type === 'progress') setStory((now) => ({ ...now, progress: event.progress }));
      else {
        source.close();
        void queries.invalidateQueries({ queryKey: ['session', sessionId] });
        void queries.invalidateQueries({ queryKey: ['sessions'] });
      }
    };
    const open = (): void => {
      source = new EventSource(`${basePath}/btmodel/${sessionId}/events`);
      source.addEventListener('open', () => setStory({ progress: null, lines: [], isConnected: true }));
      for (const type of ['log', 'progress', 'end']) source.addEventListener(type, tell as EventListener);
      source.addEventListener('error', () => {
        source.close();
        setStory((now) => ({ ...now, isConnected: false }));
        // Says whether the server is away, or only the stream ended.
        fetch(`${basePath}/ready`).catch(noteFailure);
        timer = setTimeout(open, reopenMs);
      });
    };
    open();
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [sessionId, phase, queries]);

  return story;
}
