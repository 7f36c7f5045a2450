import { expect, test } from 'vitest';
import { cleanDrawing } from './cleanDrawing.ts';

const frame = { title: 'C<C>&"', width: 100, height: 80, ink: '#7F7F7F' };

test('only paths with plain attributes get through, in a document of our own', () => {
  const hostile = `<?xml version='1.0'?><svg onload='alert(1)'><style>path{}</style><script>alert(2)</script>
    <path class='x' d='M 0,0 L 1,1' style='fill:none;stroke:#7F7F7F;stroke-width:2px;behavior:url(x)' onclick='x()'/>
    <path d='M 0,0 L 2,2' fill='url(http://x)' stroke='#FF0000'/>
    <path d='javascript:alert(3)' stroke='#FF0000'/><image href='http://x/y.png'/><a href='x'>y</a></svg>`;
  const svg = cleanDrawing(hostile, frame)!;
  expect(svg).not.toMatch(/script|style|onclick|onload|url|href|behavior|image|class|javascript/);
  expect(svg.match(/<path/g)).toHaveLength(2);
  expect(svg).toContain('<path d="M 0,0 L 1,1" stroke="currentColor" stroke-width="2"/>');
  expect(svg).toContain('<path d="M 0,0 L 2,2" stroke="#FF0000"/>');
  expect(svg).toContain('<title>C&lt;C&gt;&amp;&quot;</title>');
});

test('a picture of nothing is none', () => {
  expect(cleanDrawing('<svg></svg>', frame)).toBeNull();
});
