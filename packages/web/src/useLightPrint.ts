import { useMantineColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { flushSync } from 'react-dom';

/** Paper is white: what is printed from a dark page is drawn as in the light, and dark again afterwards. */
export function useLightPrint(): void {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  // The change to light must not make it forget what to go back to.
  const before = useRef<typeof colorScheme | null>(null);
  const now = useRef(colorScheme);
  now.current = colorScheme;
  useEffect(() => {
    const begin = (): void => {
      before.current ??= now.current;
      flushSync(() => setColorScheme('light'));
    };
    const end = (): void => {
      if (before.current !== null) setColorScheme(before.current);
      before.current = null;
    };
    window.addEventListener('beforeprint', begin);
    window.addEventListener('afterprint', end);
    return () => {
      window.removeEventListener('beforeprint', begin);
      window.removeEventListener('afterprint', end);
    };
  }, [setColorScheme]);
}
