import { useMantineColorScheme } from '@mantine/core';
import { useEffect } from 'react';
import { flushSync } from 'react-dom';

/** Paper is white: what is printed from a dark page is drawn as in the light. */
export function useLightPrint(): void {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  useEffect(() => {
    let before: typeof colorScheme | null = null;
    const begin = (): void => {
      before ??= colorScheme;
      flushSync(() => setColorScheme('light'));
    };
    const end = (): void => {
      if (before !== null) setColorScheme(before);
      before = null;
    };
    window.addEventListener('beforeprint', begin);
    window.addEventListener('afterprint', end);
    return () => {
      window.removeEventListener('beforeprint', begin);
      window.removeEventListener('afterprint', end);
    };
  }, [colorScheme, setColorScheme]);
}
