import { language, words } from './signature.ts'

/** Signatures in Italian. */
export const italian = language('it', [
  [
    'override',
    0.95,
    'ignora|ignori|ignorate|ignorare|dimentica|dimentichi|dimenticate|dimenticati|trascura|scarta|annulla|sovrascrivi|non seguire|non tenere conto|non considerare|aggira|disattendi|tralascia',
    ` (?:(?:più|tutte?|tutti|le|gli|i|il|la|tue|vostre|mie|queste|delle|dei|di|completamente) ){0,4}(?:(?:istruzion[ei]|indicazioni|direttive|regole|comandi|ordini|prompt|linee guida|restrizioni)(?: (?:e|o) [a-z]{3,12})? (?:precedent[ei]|date|ricevute|iniziali|originali|di sistema|sopra|di cui sopra|di sicurezza|che (?:ti|hai|vi))|precedenti (?:istruzioni|indicazioni|direttive|regole|ordini|comandi))`,
  ],
  [
    'override',
    0.9,
    'dimentica|ignora|dimentichi',
    ` (?:tutto )?(?:quello|ciò) che ${words(4)}(?:detto|prima|sopra|imparato|precede|scritto)`,
  ],
  [
    'override',
    0.85,
    'ignora|dimentica',
    ` (?:tutte (?:le|le tue)|le tue) (?:istruzioni|direttive|regole|linee guida)`,
  ],
  [
    'prompt-extraction',
    0.9,
    'mostra|mostrami|rivela|rivelami|dimmi|stampa|ripeti|dammi|scrivi|condividi|riporta|copia|traduci|riassumi|elenca',
    ` ${words(4)}(?:prompt (?:di sistema|iniziale|originale|completo|nascosto)|(?:istruzioni|direttive|regole|indicazioni) (?:di sistema|iniziali|segrete|nascoste|originali|interne|che (?:ti|hai))|messaggio di sistema|system prompt)`,
  ],
  [
    'prompt-extraction',
    0.85,
    'qual è|quali sono|quali erano',
    ` (?:il tuo|le tue|la tua) (?:prompt (?:di sistema|iniziale)|system prompt|(?:istruzioni|direttive) (?:di sistema|iniziali|segrete|nascoste|originali|interne|esatte))`,
  ],
  [
    'mode-switch',
    0.9,
    'sei|ora sei|adesso sei|agisci|comportati|fingi|immagina|fai finta',
    ` (?:(?:ora|adesso|come|di|essere|che|tu|sia|se|fossi|un|una) ){0,5}(?:un')?(?:dan\\b|(?:ia|assistente|modello|intelligenza artificiale) (?:senza (?:alcuna? )?(?:restrizion|limit|filtr|censur|regol)|non censurat))`,
  ],
  [
    'mode-switch',
    0.9,
    'attiva|entra in|passa in|passa alla|abilita|avvia',
    ` (?:la |in |tua )?modalità (?:sviluppatore|amministratore|admin|dan|jailbreak|dio|debug|senza (?:restrizioni|filtri|limiti))`,
  ],
  [
    'mode-switch',
    0.9,
    'disattiva|disabilita|rimuovi|elimina|aggira|togli',
    ` (?:(?:tutte?|tutti|i|le|gli|tuoi|tue) ){1,4}(?:filtri|restrizioni|misure|protezioni|limiti|protocolli|limitazioni|controlli)(?: di (?:sicurezza|contenuto|moderazione)| etic[ih]e?| e)`,
  ],
  [
    'exfiltration',
    0.85,
    'invia|manda|inoltra|trasmetti|pubblica|carica',
    ` (?:(?:tutte?|tutti|le|i|il|la|tue|tuoi|contenuto|della|delle) ){1,5}(?:password|credenziali|chiavi (?:api|private|segrete)|segreti|token|cronologia(?: della (?:chat|conversazione))?|conversazione|dati (?:personali|riservati|dei clienti)) ${words(5)}(?:a|su|verso|all'indirizzo) ${words(2)}(?:https?:|[a-z0-9.-]{1,40}@|www\\.|[a-z0-9-]{1,40}\\.[a-z]{2,4}\\b)`,
  ],
  [
    'hidden-order',
    0.85,
    'non dire|non informare|non menzionare|non rivelare|non avvisare|senza dire|senza informare|senza avvisare',
    ` ${words(3)}(?:all'|l')utente`,
  ],
])

/** Signatures in Portuguese. */
export const portuguese = language('pt', [
  [
    'override',
    0.95,
    'ignora|ignore|ignorem|ignorar|esquece|esqueça|esqueçam|desconsidere|desconsidera|descarte|anule|sobrescreva|contorne|não siga|não sigas|desobedeça|despreza|abandone',
    ` (?:(?:mais|todas?|todos?|as?|os?|das?|dos?|suas?|seus?|tuas?|essas|quaisquer|completamente) ){0,4}(?:(?:instruções|instrução|orientações|diretrizes|regras|ordens|comandos|prompts?|restrições)(?: (?:e|ou) [a-z]{3,12})? (?:anteriores|prévias|iniciais|originais|acima|dadas|recebidas|do sistema|de segurança|passadas|que (?:você|lhe|te|recebeu))|anteriores (?:instruções|ordens|regras))`,
  ],
  [
    'override',
    0.9,
    'esqueça|esquece|ignore|ignora',
    ` (?:de )?tudo (?:o )?que ${words(4)}(?:disse|dito|antes|acima|aprendeu|anteriormente|falei|escrito|disseram)`,
  ],
  [
    'override',
    0.85,
    'ignore|ignora|esqueça',
    ` (?:todas (?:as|as suas)|as suas|suas) (?:instruções|diretrizes|regras|restrições)`,
  ],
  [
    'prompt-extraction',
    0.9,
    'mostre|mostra|mostre-me|revele|revela|diga|diga-me|imprima|repita|repete|exiba|escreva|compartilhe|dê-me|me mostre|me diga|copie|traduza|liste|resuma',
    ` ${words(4)}(?:prompt (?:do|de) sistema|prompt (?:inicial|original|completo|oculto)|(?:instruções|diretrizes|regras) (?:do sistema|iniciais|secretas|ocultas|originais|internas|que (?:você|recebeu))|mensagem do sistema|system prompt)`,
  ],
  [
    'prompt-extraction',
    0.85,
    'qual é|quais são|quais eram|qual era',
    ` (?:o |as |a )?(?:seu|suas|sua|teu|tuas) (?:prompt (?:do|de) sistema|prompt inicial|system prompt|(?:instruções|diretrizes) (?:do sistema|iniciais|secretas|ocultas|originais|internas|exatas))`,
  ],
  [
    'mode-switch',
    0.9,
    'você é|você agora é|agora você é|agora és|aja|atue|finja|comporte-se|imagine',
    ` (?:(?:agora|como|que|é|ser|você|se|fosse|um|uma) ){0,6}(?:dan\\b|(?:ia|assistente|modelo|inteligência artificial) (?:sem (?:nenhuma? |qualquer )?(?:restriç|limit|filtro|censura|regra)|não censurad|irrestrit))`,
  ],
  [
    'mode-switch',
    0.9,
    'ative|ativa|ativar|entre no|entra no|mude para|habilite|inicie',
    ` (?:o |no )?modo (?:de )?(?:desenvolvedor|programador|administrador|admin|dan|jailbreak|deus|debug|depuração|irrestrito|sem (?:restrições|filtros|limites|censura))`,
  ],
  [
    'mode-switch',
    0.9,
    'desative|desativa|remova|elimine|desabilite|contorne|retire',
    ` (?:(?:todas?|todos?|as?|os?|suas?|seus?) ){1,4}(?:filtros?|restrições|medidas|proteções|limites|protocolos|limitações|salvaguardas)(?: de (?:segurança|conteúdo|moderação|censura)| étic[ao]s| e)`,
  ],
  [
    'exfiltration',
    0.85,
    'envie|envia|mande|encaminhe|transmita|publique|copie|poste',
    ` (?:(?:todas?|todos?|as?|os?|suas?|seus?|conteúdo|da|do) ){1,5}(?:senhas?|credenciais|chaves? (?:de api|api|privadas?|secretas?)|segredos|tokens?|histórico(?: da (?:conversa|conversação))?|conversa|dados (?:pessoais|confidenciais|dos clientes)) ${words(5)}(?:para|ao|a|em) ${words(2)}(?:https?:|[a-z0-9.-]{1,40}@|www\\.|[a-z0-9-]{1,40}\\.[a-z]{2,4}\\b)`,
  ],
  [
    'hidden-order',
    0.85,
    'não diga|não informe|não mencione|não revele|não avise|não conte|sem avisar|sem informar|sem dizer',
    ` ${words(3)}(?:ao|aos|à) (?:usuári[oa]s?|utilizador(?:es)?)`,
  ],
])
