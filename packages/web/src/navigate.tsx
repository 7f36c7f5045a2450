import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from 'react';

const changed = 'athanor:navigated';

/** Goes to an address of the page without loading it anew. */
export function navigate(address: string, { replace = false }: { replace?: boolean } = {}): void {
  if (replace) window.history.replaceState(null, '', address);
  else {
    window.history.pushState(null, '', address);
    window.scrollTo(0, 0);
  }
  window.dispatchEvent(new Event(changed));
}

/** The path and query of the address bar, followed as they change. */
export function useLocation(): { readonly path: string; readonly query: URLSearchParams } {
  const address = useSyncExternalStore(subscribe, readAddress);
  const [path = '/', query = ''] = address.split('?');
  return { path, query: new URLSearchParams(query) };
}

/** A choice that belongs into the address, so that a link shows the same; null leaves it out. */
export function useQueryChoice(name: string): [string | null, (value: string | null) => void] {
  const { query } = useLocation();
  const choose = (value: string | null): void => {
    const now = new URL(window.location.href);
    if (value === null) now.searchParams.delete(name);
    else now.searchParams.set(name, value);
    navigate(now.pathname + now.search, { replace: true });
  };
  return [query.get(name), choose];
}

/** A link inside the page. Keys and the other mouse buttons do what they always do. */
export function Link({ to, onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { to: string }) {
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return <a href={to} onClick={follow} {...rest} />;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener(changed, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(changed, listener);
  };
}

function readAddress(): string {
  return window.location.pathname + window.location.search;
}
