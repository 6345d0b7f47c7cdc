import { language, words } from './signature.ts'

const PRIOR =
  '(?:vorherigen?|vorigen?|bisherigen?|früheren?|vorangegangenen?|vorangehenden?|vorausgegangenen?|obigen?|obenstehenden?|ursprünglichen?|alten?|anfänglichen?|gegebenen?|zuvor gegebenen|erhaltenen|deine[nr]?|ihre[nr]?|systeminternen)'
const ORDERS =
  '(?:anweisung(?:en)?|instruktion(?:en)?|befehle?n?|regeln?|vorgaben?|richtlinien?|anleitung(?:en)?|aufforderung(?:en)?|einschränkung(?:en)?|beschränkung(?:en)?|protokolle?|prompts?|direktiven?|programmierung|systemprompts?)'
const PRIOR_ORDERS = `(?:(?:alle[ns]?|sämtliche[nr]?|die|der|den|jegliche|diese|einfach|bitte|nun|jetzt|ab sofort) ){0,4}(?:${PRIOR} ){1,2}(?:[a-zäöü-]{3,16} ){0,1}${ORDERS}`

/** Signatures in German. */
export const german = language('de', [
  [
    'override',
    0.95,
    'ignorier|ignoriere|ignorieren sie|missachte|vergiss|vergesst|vergessen sie|überschreibe|überschreiben sie|umgehe|verwirf|beende|beenden sie|missachten sie|übergehe',
    ` ${PRIOR_ORDERS}`,
  ],
  [
    'override',
    0.9,
    'alle|sämtliche|die|deine',
    ` (?:${PRIOR} ){1,2}${ORDERS} (?:${words(2)})(?:ignorieren|vergessen|missachten|überschreiben|umgehen|verwerfen|außer acht|sind (?:aufgehoben|ungültig|hinfällig)|gelten nicht mehr)`,
  ],
  [
    'override',
    0.9,
    'vergiss|ignoriere|vergessen sie|ignorieren sie',
    ` (?:alles|was)(?:,)? (?:was |das )?(?:${words(4)})(?:gesagt|wurde|zuvor|vorher|davor|bisher|oben|gelernt|steht)`,
  ],
  [
    'override',
    0.85,
    'befolge|folge|halte dich',
    ` (?:ab jetzt |ab sofort |nun |jetzt )?(?:nicht (?:mehr |länger )?(?:an )?)?(?:nur |ausschließlich )?(?:meine[nr]?|diese[nr]?|folgende[nr]?|den) (?:neuen |folgenden )${ORDERS}`,
  ],
  [
    'prompt-extraction',
    0.9,
    'zeig|zeige|zeigen sie|nenne|nenn|verrate|verrat|gib|geben sie|drucke|wiederhole|wiederholen sie|offenbare|sag|sage|schreibe|liste|übersetze|teile',
    ` (?:(?:mir|uns|bitte|doch|einmal|jetzt|wörtlich|genau|den|die|deine[nr]?|ihre[nr]?|vollständigen?|gesamten?|kompletten?|genauen?|ganzen?|inhalt|text|des|deines|ihres|exakten?|internen?) ){1,7}(?:system-?prompts?|systemanweisung(?:en)?|systemnachricht|initial-?prompts?|ursprünglichen (?:anweisungen|prompts?)|systemaufforderung|versteckten anweisungen|anweisungen, die (?:du|sie|dir|ihnen))`,
  ],
  [
    'prompt-extraction',
    0.85,
    'was ist|wie lautet|wie lauten|was sind|was steht in',
    ` (?:dein|deine|deinem|ihr|ihre|ihrem) (?:genaue[rn]? |exakte[rn]? |ursprüngliche[rn]? )?(?:system-?prompt|systemanweisung(?:en)?|ursprünglichen anweisungen|systemnachricht|internen anweisungen)`,
  ],
  [
    'mode-switch',
    0.9,
    'du bist|sie sind|tu so, als wärst du|spiele|verhalte dich wie|handle als|agiere als',
    ` (?:(?:jetzt|nun|ab jetzt|ab sofort|eine?|als|wie) ){0,4}(?:dan\\b|uneingeschränkte[sr]?|unzensierte[sr]?|unbeschränkte[sr]?|ungefilterte[sr]?|ki ohne (?:${words(2)})(?:einschränkung|beschränkung|regeln|filter|grenzen))`,
  ],
  [
    'mode-switch',
    0.9,
    'aktiviere|aktivieren sie|wechsle in|schalte in|gehe in|starte',
    ` (?:den |deinen |in den )?(?:entwickler|admin|debug|dan|gott|uneingeschränkten |jailbreak)[- ]?modus`,
  ],
  [
    'mode-switch',
    0.9,
    'deaktiviere|deaktivieren sie|schalte|umgehe|entferne|hebe',
    ` (?:(?:alle|deine|die|sämtliche|ihre) ){1,3}(?:sicherheits|inhalts|ethik|schutz)-?(?:filter|richtlinien|maßnahmen|beschränkungen|einschränkungen|regeln|vorkehrungen|protokolle)`,
  ],
  [
    'mode-switch',
    0.85,
    'ohne',
    ` (?:jegliche |irgendwelche )?(?:ethische[nr]? |moralische[nr]? )(?:oder (?:ethische[nr]? |moralische[nr]? ))?(?:einschränkungen|beschränkungen|richtlinien|grenzen|bedenken) (?:antwort|reagier|handel)`,
  ],
  [
    'role-spoof',
    0.85,
    'system|administrator|entwickler',
    `(?:meldung|nachricht|hinweis)?\\]?: ?(?:ignorier|vergiss|du bist (?:jetzt|nun)|neue anweisung|deaktivier|ab sofort)`,
  ],
  [
    'exfiltration',
    0.85,
    'sende|schicke|leite|übermittle|senden sie|schicken sie|poste|lade',
    ` (?:(?:alle|die|das|deine[nr]?|den|mir|sämtliche|gesamten?|inhalt|der|des) ){1,5}(?:passwörter|passwort|zugangsdaten|api-?schlüssel|geheimnisse|tokens?|gesprächsverlauf|chatverlauf|unterhaltung|schlüssel|kundendaten) ${words(5)}(?:an|auf|zu|nach) (?:https?:|[a-z0-9.-]{1,40}@|www\\.|[a-z0-9-]{1,40}\\.[a-z]{2,4}\\b)`,
  ],
  [
    'hidden-order',
    0.85,
    'sage dem|informiere den|teile dem|erzähle dem|erwähne',
    ` (?:benutzer|nutzer|anwender|menschen) (?:davon |darüber |hiervon )?(?:nichts|nicht)`,
  ],
  [
    'hidden-order',
    0.85,
    'ki|ki-assistent|ki-assistenten|assistent|hinweis an die ki|hinweis für die ki|an die ki|anweisung an die ki|hinweis für ki-systeme',
    `(?:-(?:assistent(?:en)?|systeme?|agent(?:en)?))?[:,!] ?(?:bitte )?(?:ignorier|vergiss|leite|sende|antworte|empfiehl|bewerte|führe|lösche|überweise|du musst)`,
  ],
])
