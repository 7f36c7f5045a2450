import { Center, Group, Loader, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { client } from '../api.ts';
import { ErrorPanel } from '../components/errorPanel.tsx';
import { SignInForm } from '../components/signInForm.tsx';
import { noteSignedIn } from '../connection.ts';
import { navigate } from '../navigate.tsx';
import { useTitle } from '../useTitle.ts';

/** Opened by the printed link: redeems its code and goes on to the start. Without a code it asks. */
export function SignInPage() {
  useTitle('Sign in');
  const [error, setError] = useState<unknown>(null);
  const [code] = useState(() => window.location.hash.slice(1));
  const asked = useRef(false);
  useEffect(() => {
    if (code === '' || asked.current) return;
    asked.current = true;
    // The code works once; nobody needs it in the history.
    window.history.replaceState(null, '', '/sign-in');
    client.call('createPageSession', { body: { code } }).then(enter, setError);
  }, [code]);

  if (code !== '' && error === null) {
    return (
      <Center h="60vh">
        <Group role="status">
          <Loader size="sm" />
          <Text>Signing in</Text>
        </Group>
      </Center>
    );
  }
  return (
    <main style={{ padding: 16 }}>
      <Group justify="center" gap={10} mt="8vh">
        <img src="/icon.svg" width={32} height={32} alt="" />
        <Text fw={680} fz="xl" lts="-0.015em">
          Athanor
        </Text>
      </Group>
      {error !== null && (
        <div style={{ maxWidth: 460, margin: '24px auto -16px' }}>
          <ErrorPanel error={error} />
        </div>
      )}
      <SignInForm onDone={enter} />
    </main>
  );
}

function enter(): void {
  noteSignedIn();
  navigate('/', { replace: true });
}
