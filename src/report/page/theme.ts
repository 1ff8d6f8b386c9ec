/** Light or dark: as the system says, until the button says otherwise. */

import { part } from './dom.js';

const KEY = 'predictable-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

/** `onChange` redraws what has its colours written into it. */
export function startTheme(onChange: () => void): void {
  const button = part('theme');
  const say = () => {
    button.textContent = isDark() ? 'Light' : 'Dark';
    button.setAttribute('aria-label', `Switch to ${isDark() ? 'light' : 'dark'} colours`);
  };
  const chosen = remembered();
  if (chosen !== null) document.documentElement.dataset.theme = chosen;
  say();
  button.addEventListener('click', () => {
    const theme = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    remember(theme);
    say();
    onChange();
  });
  dark.addEventListener('change', () => {
    say();
    onChange();
  });
}

/** A colour of the page's style, as it is now. */
export function colour(name: string): string {
  const probe = document.createElement('i');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme === undefined ? dark.matches : theme === 'dark';
}

/** A browser may refuse a file its storage. */
function remembered(): string | null {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === 'dark' || theme === 'light' ? theme : null;
  } catch {
    return null;
  }
}

function remember(theme: string): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Then it holds as long as the page is open.
  }
}
