import './zodWithoutEval.ts';
import '@fontsource-variable/inter';
import '@mantine/core/styles.css';
import './page.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';

createRoot(document.getElementById('root')!).render(<App />);
