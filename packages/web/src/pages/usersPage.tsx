import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { type User, type UserClass, userClasses } from '@athanor/schema';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { client, useUsers } from '../api.ts';
import { Dialog } from '../components/dialog.tsx';
import { EmptyState } from '../components/emptyState.tsx';
import { ErrorPanel } from '../components/errorPanel.tsx';
import { ListTable } from '../components/listTable.tsx';
import { PageHead } from '../components/pageHead.tsx';
import { Waiting } from '../components/waiting.tsx';
import { formatTime } from '../numbers/formatTime.ts';

const classMeanings: Record<UserClass, string> = {
  guest: 'reads and predicts',
  standard: 'works: tables, sessions, experiments',
  trusted: 'works, and deletes what others made',
  privileged: 'works, and deletes what others made',
  admin: 'works, and manages people',
};

/** Who may use this server, and for what. */
export function UsersPage() {
  const users = useUsers();
  const [edited, setEdited] = useState<User | 'new' | null>(null);
  return (
    <>
      <PageHead
        title="Users"
        detail="Who may use this server, and for what. Only an admin can change this list."
        actions={<Button onClick={() => setEdited('new')}>Add a user</Button>}
      />
      {users.isPending && <Waiting />}
      {users.error !== null && <ErrorPanel error={users.error} onRetry={() => void users.refetch()} />}
      {users.data !== undefined && (
        <ListTable
          items={users.data}
          noun="users"
          keyOf={(user) => user.albertId}
          textOf={(user) => [user.albertId, user.name, user.email, user.userClass, user.status].join(' ')}
          empty={<EmptyState title="No users" />}
          columns={[
            {
              title: 'Name',
              order: (user) => user.name.toLowerCase(),
              show: (user) => <Text fw={550}>{user.name}</Text>,
            },
            { title: 'Email', order: (user) => user.email ?? '', show: (user) => user.email ?? '–' },
            { title: 'Id', show: (user) => user.albertId },
            {
              title: 'May',
              order: (user) => userClasses.indexOf(user.userClass),
              show: (user) => (
                <>
                  {user.userClass}
                  <Text fz="xs" c="dimmed">
                    {classMeanings[user.userClass]}
                  </Text>
                </>
              ),
            },
            { title: 'State', order: (user) => user.status, show: (user) => user.status },
            {
              title: 'Since',
              order: (user) => user.Created.at,
              show: (user) => formatTime(user.Created.at),
            },
            {
              title: 'Change',
              show: (user) => (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Change ${user.name}`}
                  onClick={() => setEdited(user)}
                >
                  Change
                </Button>
              ),
            },
          ]}
        />
      )}
      {edited !== null && (
        <UserForm user={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
    </>
  );
}

function UserForm({ user, onClose }: { user: User | null; onClose: () => void }) {
  const [name, setName] = useState(user?.name ?? '');
  const [email, setEmail] = useState(user?.email ?? '');
  const [userClass, setUserClass] = useState<UserClass>(user?.userClass ?? 'standard');
  const queries = useQueryClient();
  const done = async (): Promise<void> => {
    await queries.invalidateQueries({ queryKey: ['users'] });
    onClose();
  };
  const patch = (attribute: string, newValue: unknown) => ({
    operation: 'update' as const,
    attribute,
    newValue,
  });
  const save = useMutation({
    mutationFn: () =>
      user === null
        ? client.call('createUser', {
            body: { name: name.trim(), email: email.trim() === '' ? null : email.trim(), userClass },
          })
        : client.call('patchUser', {
            params: { userId: user.albertId },
            body: {
              data: [
                ...(name.trim() === user.name ? [] : [patch('name', name.trim())]),
                ...(email.trim() === (user.email ?? '') ? [] : [patch('email', email.trim() || null)]),
                ...(userClass === user.userClass ? [] : [patch('userClass', userClass)]),
              ],
            },
          }),
    onSuccess: done,
  });
  const turn = useMutation({
    mutationFn: (status: 'active' | 'inactive') =>
      client.call('patchUser', {
        params: { userId: user!.albertId },
        body: { data: [patch('status', status)] },
      }),
    onSuccess: done,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog isOpen onClose={onClose} title={user === null ? 'Add a user' : user.name}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={500}
            required
            data-autofocus
          />
          <TextInput
            label="Email"
            type="email"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            maxLength={320}
          />
          <Select
            label="May"
            allowDeselect={false}
            value={userClass}
            onChange={(value) => setUserClass(value as UserClass)}
            data={userClasses.map((value) => ({ value, label: `${value}: ${classMeanings[value]}` }))}
          />
          {(save.error ?? turn.error) !== null && <ErrorPanel error={save.error ?? turn.error} />}
          <Group justify="space-between">
            {user === null ? (
              <Text fz="sm" c="dimmed" maw={260}>
                A client made for a user lets programs sign in as them: `athanor clients`.
              </Text>
            ) : (
              <Button
                variant="default"
                loading={turn.isPending}
                onClick={() => turn.mutate(user.status === 'active' ? 'inactive' : 'active')}
              >
                {user.status === 'active' ? 'Lock out' : 'Let in again'}
              </Button>
            )}
            <Button type="submit" loading={save.isPending} disabled={name.trim() === ''}>
              {user === null ? 'Add' : 'Save'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
