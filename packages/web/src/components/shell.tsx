import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  Menu,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useEffect } from 'react';
import { client } from '../api.ts';
import { useConnection } from '../connection.ts';
import { Link, navigate, useLocation } from '../navigate.tsx';
import { useLightPrint } from '../useLightPrint.ts';
import { Icon, type IconName } from './icon.tsx';
import { LostBanner } from './lostBanner.tsx';
import { SignInForm } from './signInForm.tsx';

const entries: readonly { to: string; label: string; icon: IconName }[] = [
  { to: '/', label: 'Start', icon: 'start' },
  { to: '/datasets', label: 'Datasets', icon: 'table' },
  { to: '/sessions', label: 'Sessions', icon: 'session' },
  { to: '/models', label: 'Models', icon: 'model' },
  { to: '/insights', label: 'Insights', icon: 'star' },
  { to: '/jobs', label: 'Jobs', icon: 'jobs' },
  { to: '/activity', label: 'Activity', icon: 'clock' },
  { to: '/users', label: 'Users', icon: 'user' },
];

/** What is around every page: where to go, the light, the way out, and what to do when the server is away. */
export function Shell({ children }: { children: ReactNode }) {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const { path } = useLocation();
  const connection = useConnection();
  useEffect(close, [path, close]);
  useLightPrint();

  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 196, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'md', md: 'xl' }}
    >
      <AppShell.Header style={{ background: 'var(--page-surface)', borderColor: 'var(--page-line)' }}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={isOpen ? 'Close the menu' : 'Open the menu'}
            />
            <Link to="/" className="quietLink" aria-label="Athanor: to the start">
              <Group gap={10} wrap="nowrap">
                <img src="/icon.svg" width={26} height={26} alt="" />
                <Text fw={680} fz="lg" lts="-0.015em">
                  Athanor
                </Text>
              </Group>
            </Link>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <LightSwitch />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar
        p="sm"
        style={{ background: 'var(--mantine-color-body)' }}
        withBorder={false}
        aria-label="Places"
      >
        {entries.map(({ to, label, icon }) => (
          <Link
            key={to}
            to={to}
            className="navigationLink"
            aria-current={(to === '/' ? path === '/' : path.startsWith(to)) ? 'page' : undefined}
          >
            <Icon name={icon} />
            {label}
          </Link>
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} style={{ outline: 'none' }}>
        {connection === 'lost' && <LostBanner />}
        {connection === 'signedOut' ? <SignInForm isAgain /> : children}
      </AppShell.Main>
    </AppShell>
  );
}

function LightSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <Tooltip withinPortal={false} label={`Turn ${other}`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        c="dimmed"
        aria-label={`Turn ${other}`}
        onClick={() => setColorScheme(other)}
      >
        <Icon name={scheme === 'dark' ? 'sun' : 'moon'} />
      </ActionIcon>
    </Tooltip>
  );
}

function AccountMenu() {
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" c="dimmed" aria-label="More">
          <Icon name="more" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href="/docs" target="_blank" leftSection={<Icon name="code" size={16} />}>
          API reference
        </Menu.Item>
        <Menu.Item
          leftSection={<Icon name="exit" size={16} />}
          onClick={() => {
            void client.call('deletePageSession', {}).then(() => navigate('/sign-in'));
          }}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
