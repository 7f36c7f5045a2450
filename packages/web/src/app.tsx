import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { Waiting } from './components/waiting.tsx';
import { Shell } from './components/shell.tsx';
import { queryClient } from './connection.ts';
import { ActivityPage } from './pages/activityPage.tsx';
import { CompareSessionsPage } from './pages/compareSessionsPage.tsx';
import { DatasetPage } from './pages/datasetPage.tsx';
import { DatasetsPage } from './pages/datasetsPage.tsx';
import { InsightsPage } from './pages/insightsPage.tsx';
import { JobsPage } from './pages/jobsPage.tsx';
import { ModelsPage } from './pages/modelsPage.tsx';
import { NewSessionPage } from './pages/newSessionPage.tsx';
import { NotFoundPage } from './pages/notFoundPage.tsx';
import { SessionPage } from './pages/sessionPage.tsx';
import { SessionsPage } from './pages/sessionsPage.tsx';
import { SignInPage } from './pages/signInPage.tsx';
import { StartPage } from './pages/startPage.tsx';
import { UsersPage } from './pages/usersPage.tsx';
import { useLocation } from './navigate.tsx';
import { cssVariables, theme } from './theme.ts';

/** What only some come to is loaded when they do. */
const InsightPage = lazy(() =>
  import('./pages/insightPage.tsx').then(({ InsightPage: shown }) => ({ default: shown })),
);

/** Addresses and what they show; the first that fits is taken. */
const places: readonly [RegExp, (parts: readonly string[]) => ReactNode][] = [
  [/^\/$/, () => <StartPage />],
  [/^\/sign-in$/, () => <SignInPage />],
  [/^\/datasets$/, () => <DatasetsPage />],
  [/^\/datasets\/(DST\d+)$/, ([id]) => <DatasetPage key={id} datasetId={id!} />],
  [/^\/sessions$/, () => <SessionsPage />],
  [/^\/sessions\/new$/, () => <NewSessionPage />],
  [
    /^\/sessions\/(MDS\d+)(?:\/(\w+))?$/,
    ([id, tab]) => <SessionPage key={id} sessionId={id!} tab={tab ?? 'results'} />,
  ],
  [/^\/models$/, () => <ModelsPage />],
  [/^\/insights$/, () => <InsightsPage />],
  [/^\/insights\/(INS\d+)$/, ([id]) => <InsightPage key={id} insightId={id!} />],
  [/^\/jobs$/, () => <JobsPage />],
  [/^\/activity$/, () => <ActivityPage />],
  [/^\/users$/, () => <UsersPage />],
  [/^\/compare$/, () => <CompareSessionsPage />],
];

export function App() {
  const { path } = useLocation();
  let shown: ReactNode = <NotFoundPage />;
  for (const [pattern, show] of places) {
    const match = pattern.exec(path);
    if (match === null) continue;
    shown = show(match.slice(1));
    break;
  }
  useEffect(() => {
    // Readers of screens hear of a new page by its title; each page sets it.
    document.getElementById('content')?.focus({ preventScroll: true });
  }, [path]);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        {path === '/sign-in' ? (
          shown
        ) : (
          <Shell>
            <Suspense fallback={<Waiting />}>{shown}</Suspense>
          </Shell>
        )}
      </QueryClientProvider>
    </MantineProvider>
  );
}
