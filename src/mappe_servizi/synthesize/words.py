"""What Italian organisations are called after: the stock that synthetic names are drawn from."""

from __future__ import annotations

FIRST_NAMES = """Giovanni Battista|Maria Teresa|Carlo|Luigi|Giuseppe|Antonio|Elisabetta|Bruno|Venceslao
Angela|Teresa|Francesco|Pietro|Paolo|Anna Maria|Lucia|Ernesto|Camillo|Vittorio|Emma|Giacomo|Rosa
Ambrogio|Domenico|Felice|Ferdinando|Giulio|Ida|Leonardo|Margherita|Matteo|Ottavio|Rachele|Stefano
Ugo|Virginia|Agostino|Benedetto|Caterina|Davide|Enrico|Filippo|Gaetano|Irene|Lorenzo|Marco|Nicola
Olga|Pasquale|Quirino|Raffaele|Silvio|Tommaso|Umberto|Valentina""".replace("\n", "|").split("|")
SURNAMES = """Germani|Vismara|De Petri|Guida|Mazza|Soldi|Bevilacqua|Rizzi|Zucchi|Falcina|Martinetti|Arvedi
Buschini|Nolli|Pigoli|Ozanam|Grassi|Ferrari|Bianchi|Rossi|Colombo|Ricci|Marino|Greco|Gallo|Conti
Costa|Mancini|Giordano|Lombardi|Moretti|Barbieri|Fontana|Santoro|Mariani|Rinaldi|Caruso|Ferrara|Galli
Martini|Leone|Longo|Gentile|Vitale|Lombardo|Serra|Coppola|De Santis|D'Angelo|Marchetti|Parisi|Villa
Conte|Ferraro|Fabbri|Bianco|Marini|Grasso|Valentini|Messina|Sala|De Luca|Gatti|Pellegrini|Palumbo
Sanna|Farina|Rizzo|Monti|Cattaneo|Morelli|Amato|Silvestri|Mazzoni|Testa|Grassini|Pellegrino|Carbone
Giuliani|Benedetti|Barone|Rossetti|Caputo|Montanari|Guerra|Palmieri|Bernardi|Martino|Fiore|De Rosa
Ferretti|Bellini|Basile|Riva|Donati|Piras|Vitali|Battaglia|Sartori|Neri|Costantini|Milani|Pagano
Ruggiero|Sorrentino|D'Amico|Orlando|Damico|Negri""".replace("\n", "|").split("|")
SAINTS = """San Giuseppe|San Francesco|Sant'Antonio|San Camillo|Santa Rosa|San Maurizio|Sant'Omobono|San Luigi
San Carlo|Santa Maria|San Martino|San Giovanni|Santa Chiara|Sant'Anna|San Lorenzo|San Vincenzo|Santa Teresa
San Rocco|San Pietro|Santa Lucia|San Michele|Sant'Ambrogio|San Filippo Neri|Santo Stefano|San Benedetto
Santa Caterina|San Bernardo|San Domenico|San Giorgio|San Paolo""".replace("\n", "|").split("|")
EVOCATIVE = """Il Gabbiano|Il Cerchio|La Mongolfiera|Ventaglio Blu|Nazareth|Arcobaleno|Il Ponte|La Rondine
L'Albero|Orizzonti|Insieme|Nuova Vita|La Quercia|Il Sole|Primavera|Il Girasole|Progetto Assistenza
Famiglia Nuova|Fili Intrecciati|Il Nido dei Nonni|La Coccinella|Il Melograno|Il Faro|L'Aquilone
La Bottega|Il Mosaico|Le Radici|La Lanterna|Il Sentiero|La Vela|Mano nella Mano|Azzurra|La Fenice
Il Calabrone|La Cordata|Itaca|Ulisse|Il Quadrifoglio|La Rete|Alveare|Il Seme|Spazio Aperto|Terra Mater
Il Delfino|La Goccia|Oltre il Muro|La Speranza|Il Portico|Crescere Insieme|La Casa di Sabbia|Nuovi Orizzonti
L'Isola che non c'è|Il Pellicano|Verso Casa|Pietra Viva|Il Germoglio|Il Camino|Alba Nuova|Punto e a Capo
La Sorgente|Il Mandorlo|Altra Strada|Ali Blu|Il Filo di Arianna|Prisma|Koinè|Agorà|Kairos|Aurora|Eureka
Solidarietà e Lavoro|Servizi e Persone|Pane e Rose|Il Grano di Senape|La Clessidra|Futura|Domus|Antares
Cielo Aperto|Viandanti|La Locomotiva|La Meridiana|Il Torrente|Pegaso|Castello Incantato|Girotondo
Lavoro Solidale|Mondo Nuovo|Tempo Libero|La Ginestra|I Tigli|Le Querce|Il Cortile|Iride|Sirio|Orione
La Chiocciola|Il Grillo Parlante|Pollicino|Peter Pan|La Bussola|Il Timone|Vento del Nord|L'Approdo""".replace(
    "\n", "|"
).split("|")
SECOND = """2000|Due|Servizi|Solidale|Onda|Bassa|Verde|Nord|Oggi|Domani|Amica|Aperta|Giovani|Salute|Formazione
Cultura|Infanzia|Anziani|Senza Barriere|Emilia|Padana|Lombarda|Veneta|Alpina|del Po|del Garda|della Valle
dei Laghi|dei Colli|Orobica""".replace("\n", "|").split("|")
HOUSES = """Casa di Riposo|Istituto Ospedaliero|Casa Famiglia|Opera Pia|Ospizio|Ricovero|Asilo Infantile
Scuola Materna|Pio Istituto|Casa di Ospitalità|Residenza""".replace("\n", "|").split("|")
NETWORKS = """ANFFAS|AUSER|AVIS|Croce Rossa Italiana Comitato|Croce Bianca|Caritas|Pro Loco|CAI
ACLI|ANTEAS|AIDO
AISM|UILDM|Legambiente|WWF|Centro Sportivo Italiano|Protezione Civile|Banco Alimentare|AVULSS
Emmaus""".replace("\n", "|").split("|")
SPORTS = """Polisportiva|Nuoto|Calcio|Basket|Volley|Atletica|Ginnastica|Canottieri|Ciclistica|Judo|Pattinaggio
Rugby|Tennis|Scherma""".replace("\n", "|").split("|")
TOWNS = """Cremona|Crema|Soresina|Mantova|Brescia|Bergamo|Lodi|Piacenza|Parma|Pavia|Milano|Monza|Como|Lecco
Varese|Sondrio|Verona|Vicenza|Padova|Rovigo|Treviso|Modena|Reggio nell'Emilia|Bologna|Ferrara|Ravenna|Forlì
Rimini|Novara|Vercelli|Asti|Alessandria|Cuneo|Torino|Biella|Genova|Savona|La Spezia|Trento|Bolzano|Belluno
Udine|Pordenone|Gorizia|Trieste|Pesaro|Ancona|Macerata|Fermo|Ascoli Piceno|Perugia|Terni|Viterbo|Rieti|Roma
Latina|Frosinone|L'Aquila|Teramo|Pescara|Chieti|Campobasso|Isernia|Caserta|Napoli|Benevento|Avellino|Salerno
Foggia|Bari|Brindisi|Lecce|Taranto|Matera|Potenza|Cosenza|Crotone|Catanzaro|Palermo|Catania|Messina|Siracusa
Ragusa|Trapani|Sassari|Nuoro|Oristano|Cagliari|Livorno|Pisa|Lucca|Pistoia|Prato|Firenze|Arezzo|Siena|Grosseto
Castelverde|Sospiro|Vescovato|Annicco|Ostiano|Pizzighettone|San Bassano|Casalmaggiore|Orzinuovi|Codogno
Fidenza|Suzzara|Viadana|Treviglio|Romano di Lombardia|Chiari|Manerbio|Ghedi|Montichiari|Desenzano del Garda
Salò|Iseo|Lovere|Clusone|Dalmine|Seriate|Gallarate|Busto Arsizio|Legnano|Rho|Abbiategrasso|Vigevano|Voghera
Mortara|Stradella|Casteggio""".replace("\n", "|").split("|")
FORMER_TOWNS = {
    "Figline e Incisa Valdarno": "Figline Valdarno",
    "Valsamoggia": "Bazzano",
    "Casciana Terme Lari": "Lari",
    "Borgo Virgilio": "Virgilio",
    "Scarperia e San Piero": "Scarperia",
    "Corteolona e Genzone": "Corteolona",
    "Sissa Trecasali": "Sissa",
    "Alto Reno Terme": "Porretta Terme",
    "Ventasso": "Busana",
    "Piadena Drizzona": "Piadena",
    "Val Brembilla": "Brembilla",
    "Sant'Omobono Terme": "Valsecca",
    "Vermezzo con Zelo": "Vermezzo",
    "Colceresa": "Mason Vicentino",
    "Terre Roveresche": "Orciano di Pesaro",
    "Vallefoglia": "Colbordolo",
    "Montalcino": "San Giovanni d'Asso",
    "Laterina Pergine Valdarno": "Laterina",
    "Rivignano Teor": "Rivignano",
    "Borgomezzavalle": "Viganella",
}
"""Towns after a merger, with a name that lists still print for them."""
