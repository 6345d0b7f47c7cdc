import { language, words } from './signature.ts'

const ORDERS =
  '(?:instructions?|consignes?|directives?|ordres?|règles?|commandes?|indications?|prompts?|restrictions?|contraintes?|programmation)'
const PRIOR =
  "(?:précédente?s?|antérieure?s?|ci-dessus|initiale?s?|d'avant|d'origine|reçues?|données?|qui précèdent|préalables?|passées|système|actuelles?|existantes?|de sécurité|que (?:tu as|vous avez|l'on t'a|on t'a|je t'ai))"
const THE =
  "(?:(?:toutes?|tous|l'ensemble|les?|la|des|de|ces?|tes|vos|mes|l'intégralité|maintenant|complètement|immédiatement|s'il vous plaît) ){0,4}"

/** Signatures in French. */
export const french = language('fr', [
  [
    'override',
    0.95,
    'ignore|ignores|ignorez|ignorer|oublie|oublies|oubliez|oublier|outrepasse|outrepassez|contourne|contournez|écarte|annule|annulez|désobéis|remplace|fais abstraction|faites abstraction|ne suis plus|ne tiens pas compte|ne tenez pas compte|ne tiens plus compte|ne tenez plus compte|abandonne',
    ` ${THE}(?:${ORDERS}(?: et ${ORDERS})? ${PRIOR}|(?:précédente?s?|anciennes?|premières) ${ORDERS})`,
  ],
  [
    'override',
    0.9,
    'oublie|oubliez|ignore|ignorez',
    ` tout ce (?:que|qui) ${words(5)}(?:dit|avant|précède|précédemment|demandé|appris|écrit)`,
  ],
  ['override', 0.85, 'ignore|ignorez|oublie|oubliez', ` (?:toutes (?:les|tes|vos)|tes|vos) ${ORDERS}`],
  [
    'prompt-extraction',
    0.9,
    'montre|montrez|révèle|révélez|affiche|affichez|donne|donnez|répète|répétez|imprime|imprimez|dis|dites|écris|partage|recopie|traduis|résume|communique|divulgue',
    `(?:-moi|-nous)? ${words(4)}(?:prompt (?:système|initial|complet|original|caché|de départ)|invite (?:système|initiale)|(?:instructions|consignes|directives) (?:système|initiales|secrètes|cachées|d'origine|internes|confidentielles|que (?:tu as|vous avez) reçues)|message système|system prompt)`,
  ],
  [
    'prompt-extraction',
    0.85,
    'quel est|quelles sont|quelles étaient',
    ` (?:ton|votre|tes|vos) (?:prompt (?:système|initial)|(?:instructions|consignes|directives) (?:système|initiales|exactes|secrètes|cachées|d'origine|internes)|message système|invite système)`,
  ],
  [
    'mode-switch',
    0.9,
    'tu es|vous êtes|agis|agissez|comporte-toi|fais|fais semblant|prétends|imagine',
    ` (?:(?:maintenant|désormais|comme|en tant que|que tu es|si tu étais|d'être|une?|semblant) ){0,5}(?:dan\\b|ia (?:sans (?:aucune? )?(?:restriction|limite|filtre|censure|règle)|non censurée|libre de toute)|assistant (?:sans (?:aucune? )?(?:restriction|limite|filtre|censure)|non censuré))`,
  ],
  [
    'mode-switch',
    0.9,
    'active|activez|passe en|passez en|entre en|entrez en|bascule en|lance',
    ` (?:le |ton |votre |en )?mode (?:développeur|admin|administrateur|debug|débogage|dan|jailbreak|sans (?:restriction|filtre|limite)|illimité|dieu|non censuré)`,
  ],
  [
    'mode-switch',
    0.9,
    'désactive|désactivez|supprime|supprimez|contourne|contournez|lève|enlève|retire',
    ` (?:(?:toutes?|tous|les?|tes|vos|ces) ){1,3}(?:filtres?|restrictions|garde-fous|mesures|protections|règles|limites|consignes|protocoles|limitations)(?: de (?:sécurité|contenu|modération|censure)| éthiques| et)`,
  ],
  ['mode-switch', 0.85, 'réponds|répondez', ` sans (?:aucune? )?(?:filtre|restriction|censure|limite)s?\\b`],
  [
    'role-spoof',
    0.85,
    'système|system|administrateur|développeur',
    ` ?\\]? ?: ?(?:ignore|oublie|tu es (?:maintenant|désormais)|nouvelles? (?:instructions?|consignes?)|désactive|à partir de maintenant)`,
  ],
  [
    'exfiltration',
    0.85,
    'envoie|envoyez|transmets|transmettez|transfère|transférez|poste|publie|copie',
    ` (?:(?:toutes?|tous|les?|la|l'|ton|tes|vos|le contenu|des|de) ){1,5}(?:mots? de passe|identifiants|clés? (?:api|d'api|privées?|secrètes?)|secrets|jetons?|historique(?: de (?:la )?conversation)?|conversation|données (?:personnelles|confidentielles|clients?)) ${words(5)}(?:à|sur|vers) ${words(2)}(?:https?:|[a-z0-9.-]{1,40}@|www\\.|[a-z0-9-]{1,40}\\.[a-z]{2,4}\\b)`,
  ],
  [
    'hidden-order',
    0.85,
    "n'informe pas|n'informez pas|ne dis pas|ne dites pas|ne dis rien|ne dites rien|ne préviens pas|ne mentionne pas|ne révèle pas|ne mentionnez pas",
    ` ${words(3)}(?:à |l')?(?:l')?utilisateur`,
  ],
  [
    'hidden-order',
    0.85,
    "ia|assistant|note à l'ia|note pour l'ia|message à l'ia|à l'attention de l'ia|instructions pour l'ia|instruction pour l'ia|instructions à l'ia",
    ` ?(?:assistante?|qui (?:lit|traite|résume) ceci)? ?[:,!] ?(?:ignore|oublie|transfère|envoie|réponds|recommande|tu dois|vous devez|ne (?:dis|mentionne))`,
  ],
])
