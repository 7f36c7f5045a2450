import { Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';

interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly size?: 'md' | 'xl';
  readonly children: ReactNode;
}

/** A question or a detail before the page. Its head is no banner: a page has one already. */
export function Dialog({ isOpen, onClose, title, size = 'md', children }: DialogProps) {
  return (
    <Modal.Root opened={isOpen} onClose={onClose} size={size}>
      <Modal.Overlay />
      <Modal.Content radius="lg">
        <Group justify="space-between" wrap="nowrap" px="lg" pt="md" pb="xs">
          <Modal.Title fw={650} fz="lg" style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </Group>
        <Modal.Body px="lg" pb="lg">
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
