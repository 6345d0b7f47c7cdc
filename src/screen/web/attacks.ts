/** What a value holds that breaks out of the statement, page, command, path or query that a program puts it into. */
export type Attack = readonly [rule: string, score: number, pattern: RegExp]

const COMMAND =
  '(?:cat|ls|id|whoami|uname|ping|curl|wget|nc|netcat|bash|sh|zsh|sleep|dir|type|net|netsh|ifconfig|ipconfig|netstat|echo|rm|chmod|chown|perl|python[23]?|ruby|php|powershell|cmd|reg|systeminfo|nslookup|dig|touch|cp|mv|kill|ps|phpinfo|which|printenv|useradd|passwd|telnet|tftp|ssh|vol|ver|uptime|hostname|tasklist|find|head|tail|awk|sed|base64|exit|route|arp|print|ren|del|wmic)'

/**
 * Patterns for values of parameters, decoded and in lower case. They say what no honest scalar needs; statements and commands
 * alone are no attack, since tools take them.
 */
export const attacks: readonly Attack[] = [
  [
    'sqli/always',
    0.8,
    /(?:\b(?:or|and|xor|having|not|where)\b|\|\||&&)[\s+()!~@-]{0,6}(?:\d{1,12}|['"`][^'"`=]{0,24}['"`]?|true|null)\s{0,3}(?:=|!=|<>|\blike\b|\bbetween\b|\bis\b|\bin\b)/,
  ],
  ['sqli/union', 0.8, /\bunion[\s+/*()!\d]{1,12}(?:all|distinct)?[\s+/*(]{0,8}select/],
  [
    'sqli/stacked',
    0.8,
    /['")\d]?\s{0,4};[\s+]{0,4}(?:drop|delete|insert|update|alter|create|exec|execute|shutdown|declare|truncate|waitfor|grant|begin|return)\b/,
  ],
  [
    'sqli/function',
    0.75,
    /\b(?:benchmark|pg_sleep|extractvalue|updatexml|load_file|xp_[a-z]{3,20}|sp_[a-z_]{3,30}|utl_(?:http|inaddr)|randomblob|openrowset|group_concat|has_dbaccess)\b|\bsleep\s?\(|waitfor[\s+]{1,4}delay|convert\(int|char\(\d{1,3}\)|\binformation_schema\b|into[\s+]{1,4}(?:out|dump)file|@@(?:version|servername|microsoftversion)|\bfrom[\s+]{1,4}(?:dual|sysobjects|syscolumns|pg_user|mysql\.user|sys\.)|make_set\(|elt\(\d|procedure[\s+]{1,4}analyse|\bexec[\s+(]{1,4}(?:master|sp|xp|@)/,
  ],
  [
    'sqli/comment',
    0.7,
    /['"`)][\s+)]{0,6}(?:--(?:[\s+]{0,2}(?:$|\n)|[^\w\s-]| -| \+)|#(?:$|\n)|\/\*|;%00|;?\u0000)|[\w)]--[\s+]{0,2}(?:$|\n)|\/\*!?\d{0,6}\*\/|^\/\*|\*\/ ?$/,
  ],
  [
    'sqli/quote',
    0.7,
    /^[\w\s]{0,16}['"`][\s+)]{0,6}(?:or|and|xor|union|having|group by|order by|like|in|is|not|;|\|\||&&|=|\+|\/|\*|<|>|,|-|%)/,
  ],
  ['sqli/order', 0.7, /\b(?:order|group)[\s+]{1,3}by[\s+]{1,3}\d{1,4}\s{0,3}(?:--|#|,|$)/],
  [
    'xss/script',
    0.85,
    /<[\s/]{0,3}script|javascript\s{0,3}:|vbscript\s{0,3}:|data:text\/html|\bsrcdoc\s{0,2}=|document\.(?:cookie|domain|write|location|body)|string\.fromcharcode|\blocation\s{0,2}=\s{0,2}['"`j]|window\.name|(?:^|[^\w.])(?:alert|prompt|confirm)\s{0,2}(?:\(|`|&)|\beval\s{0,2}\(|set(?:timeout|interval)\(|\bexpression\s{0,2}\(|-moz-binding|\bbehaviou?r ?: ?url/,
  ],
  ['xss/handler', 0.85, /[\s/"'`\u000b\u000c>]on[a-z]{3,24}\s{0,3}=/],
  [
    'xss/tag',
    0.4,
    /<(?:svg|iframe|object|embed|applet|frameset|meta[\s/]|base[\s/]|link[\s/]|math|form[\s/]|isindex|xml|bgsound|layer|img[\s/]|body[\s/]|input[\s/]|video[\s/]|audio[\s/]|style|marquee|template|x:|xss|!\[cdata\[)/,
  ],
  [
    'xxe/entity',
    0.85,
    /<!entity|<!doctype [\w:-]{1,40} ?\[|<!doctype [\w:-]{1,40} (?:system|public) |\bsystem ["'](?:file|http|php|expect|ftp|jar|netdoc)|<xi:include|xmlns:xi=|&xxe;/,
  ],
  [
    'cmdi/joined',
    0.8,
    new RegExp(
      `(?:[;|&\`\\n]|\\$\\(|\\\\n|\\$\\{ifs\\})\\s{0,3}(?:sudo )?(?:/usr)?(?:/s?bin/)?${COMMAND}(?:$|[\\s;|&\`)"'<>/\\\\%+])`,
    ),
  ],
  [
    'cmdi/program',
    0.75,
    /(?:^|[^\w/])(?:\/usr)?\/s?bin\/[a-z][a-z]|\(\) ?\{ ?: ?; ?\}|<\?(?:php|=)|\|\s?(?:bash|sh)\b|\bnet (?:user|localgroup|view|start)\b|\breg add\b|cmd(?:\.exe)? ?\/c|> ?\/(?:tmp|var|dev)\/|<!--#(?:exec|include|echo)|\bls -[al]|\/dev\/tcp\//,
  ],
  [
    'cmdi/call',
    0.75,
    /\b(?:system|exec|passthru|shell_exec|popen|proc_open|phpinfo|getruntime|subprocess\.(?:run|call|popen|check_output)) ?\(|\$\([a-z][a-z]|\$\{ifs\}|`(?:id|ls|whoami|cat|uname|sleep|ping|curl|wget|nslookup)\b/,
  ],
  [
    'traversal/dots',
    0.8,
    /(?:\.\.[/\\]{1,6}){3}|\.\.[/\\]{1,8}(?:etc|proc|var|usr|windows|winnt|boot\.ini|\{file\}|root|home|inetpub|apache)|\.\.\/\/{1,3}\.\.|[/\\]\.{3,80}[/\\]|\.\.;\/|(?:\.\.\\){2}/,
  ],
  [
    'traversal/file',
    0.7,
    /\/(?:private\/)?etc\/(?:passwd|shadow|group|gshadow|issue|motd|sudoers|crontab|mysql|apache2?|httpd|nginx|php|ssh|vsftpd|my\.cnf|ftp|proftpd|pure-ftpd|security|samba|logrotate|resolv|exports|inetd|syslog|lighttpd|chrootusers|wu-ftpd)|\/proc\/(?:self|\d{1,7}|version|cmdline|mounts|net|cpuinfo)|\bboot\.ini|\bwin\.ini|\\windows\\|c:[\\/](?:windows|winnt|boot|inetpub|apache|xampp|program files|mysql)|\/var\/(?:www|adm|mail|lib\/mlocate|spool|run\/utmp|htmp|apache|webmin|cpanel)|\/(?:\.ssh\/id_|\.aws|\.bash_history|\.htpasswd|\.htaccess|\.git\/config)|httpd\.conf|php\.ini|\/usr\/(?:local|lib|pkg|sbin|share|home|ports)\/(?:etc|apache2?|httpd|php\d?|pure|nginx|www|zeus|logs?|cpanel|lib\/php|ftp)|\/(?:apache2?|apache group\/apache|xampp|lampp|nginx|httpd|mysql)\/(?:logs?|conf|php|bin|data|etc|apache)|\/www\/(?:logs?|conf)|_vti_|\/root\/|web\.config|\/web-inf\//,
  ],
  ['traversal/null', 0.7, /\u0000(?:$|\.)|%00/],
  [
    'ssrf/inside',
    0.8,
    /\b(?:https?|ftp|gopher|dict|ldap|tftp|jar|netdoc|sftp):\/\/(?:[^/@\s]{0,40}@)?(?:0\.0\.0\.0|0\/|169\.254\.|\[?::1?\]|\[::ffff:|\[fd00:ec2|metadata\.(?:google|goog)|100\.100\.100\.200|0x7f|0177\.|2130706433|017700000001)|\b(?:gopher|dict|expect|phar|netdoc|php):\/\/|\bfile:\/\/\//,
  ],
  // The machine of whoever develops, and its logs: tools ask for them, and attackers.
  ['ssrf/local', 0.4, /\bhttps?:\/\/(?:[^/@\s]{0,40}@)?(?:127\.|localhost)/],
  ['traversal/log', 0.4, /\/var\/log\/|access[._]log|error[._]log|\/\.ssh\//],
  [
    'template/expression',
    0.8,
    /\{\{ ?-?(?:\d{1,8} ?[*+-] ?'?\d|config\b|self\b|request\b|cycler|joiner|lipsum|constructor|range\(|'{2}|"{2}|\[\]|\(\)|_self|app\.|dump)|\$\{ ?(?:\d{1,8} ?\* ?\d|runtime|jndi|t\(|lower:|upper:|env:|sys:|getclass|'{2}|class\.|self\.)|<%=? ?\d|<%=? ?(?:system|7|file|ir)|#\{ ?\d ?\*|\*\{t\(|__(?:class|globals|import|mro|subclasses|builtins)__|\{php\}|#set ?\(/,
  ],
  [
    'nosqli/operator',
    0.8,
    /[[{"'&.]\s{0,2}\$(?:ne|gte?|lte?|regex|where|exists|n?in|or|and|not|nor|func|size)\b|\[\$(?:ne|gt|lt|regex)\]|(?:^|[;'"])\s?return\s?\(?(?:true|'a')|'\s?&&\s?(?:this|'')|\{"&exists/,
  ],
  [
    'ldapi/filter',
    0.75,
    /\*\)\s?\(|\)\s?\(\s?[|&!]?\s?\(?[a-z]{1,24}=|\(\s?[|&!]\s?\(|\*\)\)|^\*[()|&]|^\)\(|\)\)\u0000|\badmin\*(?:$|\))/,
  ],
  [
    'header/newline',
    0.75,
    /\r?\n(?:set-cookie|location|content-(?:length|type)|host|x-[a-z-]{2,20}):|\r\n\r\n/,
  ],
]
