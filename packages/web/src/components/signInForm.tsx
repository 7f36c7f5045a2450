import { Button, Code, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { client } from '../api.ts';
import { noteSignedIn } from '../connection.ts';
import { ErrorPanel } from './errorPanel.tsx';

/** Signs the browser in by a link or by client credentials; a cookie remembers it. */
export function SignInForm({ isAgain = false, onDone }: { isAgain?: boolean; onDone?: () => void }) {
  const [link, setLink] = useState('');
  const [clientId, setClientId] = useState('');
  const [clientSecret, setClientSecret] = useState('');
  const signIn = useMutation({
    mutationFn: () =>
      client.call('createPageSession', {
        body: link.trim() === '' ? { clientId, clientSecret } : { code: codeOf(link) },
      }),
    onSuccess: () => {
      noteSignedIn();
      onDone?.();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    signIn.mutate();
  };
  const isReady = link.trim() !== '' || (clientId !== '' && clientSecret !== '');

  return (
    <form onSubmit={submit} className="surface" style={{ maxWidth: 460, margin: '6vh auto', padding: 28 }}>
      <Stack gap="md">
        <div>
          <Title order={1} fz="1.4rem">
            {isAgain ? 'Please sign in again' : 'Sign in'}
          </Title>
          <Text c="dimmed" fz="sm" mt={4}>
            {isAgain
              ? 'Your sign-in has ended. Nothing is lost; you come back to this page.'
              : 'The server prints a link when it starts. Opening it signs this browser in.'}
          </Text>
        </div>
        <TextInput
          label="Sign-in link"
          description={
            <>
              From the terminal of the server: <Code>npx athanor link</Code> prints one
            </>
          }
          placeholder="http://127.0.0.1:3500/sign-in#…"
          value={link}
          onChange={(event) => setLink(event.currentTarget.value)}
          autoComplete="off"
        />
        <Text fz="xs" c="dimmed" ta="center">
          or
        </Text>
        <TextInput
          label="Client id"
          value={clientId}
          onChange={(event) => setClientId(event.currentTarget.value)}
          autoComplete="username"
        />
        <PasswordInput
          label="Client secret"
          value={clientSecret}
          onChange={(event) => setClientSecret(event.currentTarget.value)}
          autoComplete="current-password"
        />
        {signIn.error !== null && <ErrorPanel error={signIn.error} />}
        <Button type="submit" loading={signIn.isPending} disabled={!isReady}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}

/** The code of a pasted link, or what was pasted when it is the code alone. */
function codeOf(link: string): string {
  const text = link.trim();
  return text.slice(text.indexOf('#') + 1).slice(0, 200);
}
