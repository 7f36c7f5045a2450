import { Button } from '@mantine/core';
import { EmptyState } from '../components/emptyState.tsx';
import { navigate } from '../navigate.tsx';
import { useTitle } from '../useTitle.ts';

/** An address that means nothing. */
export function NotFoundPage() {
  useTitle('Not found');
  return (
    <EmptyState
      isPage
      title="There is nothing at this address"
      action={<Button onClick={() => navigate('/')}>To the start</Button>}
    >
      A link may be incomplete, or what it showed was deleted.
    </EmptyState>
  );
}
