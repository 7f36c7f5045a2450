import { Button, Code, CopyButton, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { CodeOf } from '../code/codeOf.ts';
import { Dialog } from './dialog.tsx';
import { Icon } from './icon.tsx';

type Language = 'python' | 'curl';

/** What this view shows, as code: for scripts with the public Python client, and for the command line. */
export function CopyAs({ code }: { code: CodeOf }) {
  const [isOpen, setOpen] = useState(false);
  const [language, setLanguage] = useState<Language>('python');
  return (
    <>
      <Button variant="default" leftSection={<Icon name="code" size={16} />} onClick={() => setOpen(true)}>
        Code
      </Button>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title="The same as code" size="xl">
        <Stack gap="sm">
          <Group justify="space-between">
            <SegmentedControl
              value={language}
              onChange={(value) => setLanguage(value as Language)}
              data={[
                { value: 'python', label: 'Python' },
                { value: 'curl', label: 'curl' },
              ]}
              aria-label="Language"
            />
            <CopyButton value={code[language]}>
              {({ copied, copy }) => (
                <Button onClick={copy} leftSection={copied ? <Icon name="check" size={16} /> : null}>
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
          </Group>
          <Code block fz="xs" style={{ maxHeight: '55vh', overflow: 'auto' }} tabIndex={0}>
            {code[language]}
          </Code>
          <Text fz="sm" c="dimmed">
            {language === 'python'
              ? 'Needs pip install albert. Client id and secret are in credentials.json of the data directory.'
              : 'ATHANOR_TOKEN is the access token that the server prints at its first start.'}
          </Text>
        </Stack>
      </Dialog>
    </>
  );
}
