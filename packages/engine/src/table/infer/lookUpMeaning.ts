/**
 * What words in a header say, in English and German, for formulations, polymers, alloys, coatings, batteries, catalysis
 * and concrete. Phrases are compared word by word; the longest phrase in a header speaks for it, and of equally long
 * ones the last, where English has its head noun: a test temperature is a temperature, a melting temperature is not.
 */
export type Meaning =
  /** A measured result. */
  | 'property'
  /** Often a result, but also known as an input. */
  | 'perhapsProperty'
  /** A setting of the process or the test. */
  | 'setting'
  | 'perhapsSetting'
  /** A material that is weighed in. */
  | 'ingredient'
  /** An abbreviation that may be a material, but also something else. */
  | 'perhapsIngredient'
  /** The share or quantity of something that is weighed in. */
  | 'quantity';

const phrases: Readonly<Record<Meaning, string>> = {
  property: `
    strength, tensile, flexural, compressive strength, yield strength, yield stress, yield point, shear strength, peel strength, bond strength, green strength,
    modulus, youngs modulus, young s modulus, storage modulus, loss modulus, stiffness, toughness, fracture toughness, hardness, hv, hrc, hb, vickers, shore, shore a, shore d,
    ys, uts, tys, elongation, ductility, elongation at break, strain at break, stress, fracture load, failure load, max load, maximum load, ultimate load, breaking load, breaking force, flow stress, fatigue, fatigue limit, creep, rupture stress,
    impact strength, impact energy, charpy, izod, resilience, ki c, poisson ratio, friction, friction coefficient, coefficient of friction, wear, wear rate,
    conductivity, conductance, resistivity, resistance, impedance, permittivity, dielectric constant, dielectric loss, breakdown voltage, sheet resistance,
    viscosity, yield value, melt flow, melt flow index, melt flow rate, mfi, mfr, thixotropy, gel time, gelation time, gel point, pot life, shelf life, open time,
    setting time, drying time, tack free time, disintegration time, disintegration, half life, lifetime, life, cycle life, time to failure, time to rupture, induction time, flow time,
    yield, conversion, selectivity, turnover, turnover number, ton, tof, turnover frequency, enantiomeric excess, ee, de, purity, assay, recovery, sty,
    space time yield, e factor, regioselectivity, productivity, activity, mass activity, specific activity, rejection, removal, removal efficiency,
    efficiency, encapsulation efficiency, entrapment efficiency, coulombic efficiency, faradaic efficiency, power conversion efficiency, pce, eqe, iqe, plqy,
    quantum yield, fill factor, jsc, voc, capacity, specific capacity, discharge capacity, charge capacity, capacity retention, capacitance, energy density, power density, retention, fade,
    cycle number to failure, rate capability, overpotential, onset potential, tafel slope, exchange current, limiting current, open circuit voltage,
    solubility, logs, logp, log p, logd, pka, permeability, permeance, flux, diffusivity, diffusion coefficient, uptake, adsorption capacity, swelling, swelling ratio, water uptake, water absorption, moisture uptake,
    drug loading, drug release, release, loading capacity, payload, dissolution, bioavailability, ic 50, ec 50, cytotoxicity, viability, inhibition,
    stability, instability, degradation, photodegradation, decomposition, degradation rate, corrosion, corrosion rate, weight loss, mass loss, weight gain, weight change, shrinkage, warpage, expansion, cte,
    adhesion, tack, gloss, haze, transmittance, transparency, transmission, opacity, hiding power, contrast ratio, whiteness, yellowness, yellowness index, color strength, colour, color difference, delta e,
    absorbance, absorption, reflectance, reflectivity, emissivity, emission wavelength, emission peak, absorption peak, lambda max, wavelength, fwhm, luminescence, brightness, intensity, refractive index,
    roughness, contact angle, surface tension, interfacial tension, surface energy, zeta potential, turbidity, foam height, foam volume, foam stability, spreadability, scrub resistance, stain resistance, washability,
    particle size, particle diameter, droplet size, hydrodynamic diameter, pdi, polydispersity, polydispersity index, dispersity, crystallinity, crystallite size, porosity, pore size, pore volume, bet, bet surface area, specific surface area, void content, gel content,
    tg, t g, glass transition, glass transition temperature, transition temperature, tm, t m, melting temperature, melting point, boiling point, softening point, crystallization temperature, decomposition temperature, degradation temperature,
    heat deflection temperature, hdt, onset temperature, curie temperature, critical temperature, cloud point, flash point, pour point, lcst, solidus, liquidus, solvus, flash point temperature,
    thermal conductivity, heat capacity, enthalpy, heat of fusion, heat release, limiting oxygen index, loi, oxygen index, flammability,
    band gap, bandgap, eg, homo, lumo, formation energy, adsorption energy, binding energy, activation energy, barrier, hull distance, energy above hull, magnetization, magnetisation, coercivity, remanence, curie, seebeck, zt, z t, figure of merit,
    slump, slump flow, flow spread, workability, compaction, air void, air content, carbonation depth, chloride migration, cost, price, gwp, global warming potential, co 2, carbon footprint, embodied carbon,
    score, rating, quality, sensory, taste, merit, fitness, performance, loss, error rate, residual, defect, crack, cracks,
    zone of inhibition, titer, titre, cell count, od, biomass, growth rate, growth, expression, binding affinity, kd, ki, deposition rate, etch rate, growth thickness,
    festigkeit, reisslaenge, druckfestigkeit, zugfestigkeit, biegefestigkeit, scherfestigkeit, streckgrenze, bruchspannung, e modul, modul, haerte, zaehigkeit, kerbschlagzaehigkeit, dehnung, bruchdehnung, viskositaet, leitfaehigkeit, widerstand,
    ausbeute, umsatz, selektivitaet, glanz, haftung, loeslichkeit, wirkungsgrad, kapazitaet, lebensdauer, standzeit, verschleiss, abrieb, schrumpf, schwindung, quellung, rauheit, rauigkeit, porositaet, kosten, preis, ausbreitmass, setzmass,
    trocknungszeit, topfzeit, gelzeit, schmelzpunkt, siedepunkt, flammpunkt, glasuebergangstemperatur, schmelztemperatur, partikelgroesse, teilchengroesse, reinheit, zielgroesse, ergebnis, rissbildung, truebung, deckkraft, reibung, reibwert, oberflaechenspannung, kontaktwinkel, waermeleitfaehigkeit`,
  perhapsProperty: `
    density, dichte, specific gravity, surface area, ra, rz, energy, potential, voltage, index, constant, coefficient, peak, peak area, area, signal, contrast, level, sound pressure level, deflection, displacement, deformation, moment,
    current density, break, failure, degree of cure, degree of crystallinity, molecular weight, molar mass, mw, mn, m w, m n, spread, thermal rate, rate, rate constant, wavelength shift, fraction converted, hazard, toxicity, emission, emissions, log, ln,
    strain, plastic strain, height change, thickness change, sag, sag resistance, leveling, block resistance, dft, weight after, mass after, final weight, moisture content, ash content, solids content measured, haze change, drop, sharpness`,
  setting: `
    temperature, temp, test temperature, cure temperature, process temperature, set temperature, time, cure time, duration, dwell, dwell time, hold time, residence time, reaction time, soak time, rupture time, test time, exposure time, age, aging, ageing, curing age, curing days,
    pressure, vacuum, speed, stirring speed, screw speed, print speed, spin speed, rpm, velocity, frequency, power, laser power, voltage applied, applied voltage, humidity, relative humidity, rh, dose, dosage,
    heating rate, cooling rate, quench rate, shear rate, strain rate, feed rate, flow rate, scan rate, ramp rate, ramp, stirring rate, spray rate, dosing rate, sweep rate, c rate, deposition time,
    annealing, annealing temperature, annealing time, sintering, sintering temperature, tempering, quenching, milling time, mixing time, drying temperature, bake temperature, crystallization time,
    scan speed, hatch, hatch spacing, layer thickness, layer height, infill, nozzle, nozzle diameter, nozzle temperature, bed temperature, distance, gap, stroke, angle, rotation, cycles, number of cycles, number of layers, layers, passes, n passes,
    ph, concentration, conc, molarity, solid to liquid ratio, ratio, water cement ratio, w c, w b, stoichiometry, total flow, residence, substrate temperature, film thickness, applied stress, applied potential, deposition potential, excitation wavelength, light intensity, uv intensity, set point, setpoint, applied load, preload, aspect ratio,
    grain size, mesh, mesh size, radius, struts, number of struts, draw ratio, degree of polymerization, excess, batch size, volume total, total volume, current applied,
    temperatur, ofentemperatur, zeit, dauer, aushaertezeit, ruehrzeit, mischzeit, reaktionszeit, verweilzeit, druck, drehzahl, geschwindigkeit, konzentration, alter, leistung, volumenstrom, durchfluss, feuchte, luftfeuchte, haltezeit, heizrate, kuehlrate, verhaeltnis, abstand, winkel, schichtdicke, einstellung`,
  perhapsSetting: `
    flow, q, load, thickness, width, length, depth, height, diameter, size, position, offset, delay, step, steps, stage, zone, count, number, num, n, t, r, k, theta, phi, tau, p, ratio of, initial ph, frequency hz, orientation, period, pulse, current, bias, day, days, hours, minutes,
    dicke, breite, laenge, tiefe, hoehe, durchmesser, anzahl, stufe, tag, tage`,
  ingredient: `
    cement, clinker, slag, ash, fly ash, water, superplasticizer, superplasticiser, plasticizer, plasticiser, aggregate, agg, sand, gravel, silica, silica fume, fume, lime, limestone, gypsum, metakaolin, admixture, retarder, accelerator,
    filler, resin, epoxy, hardener, curing agent, crosslinker, crosslinking agent, initiator, monomer, comonomer, oligomer, polymer, prepolymer, solvent, cosolvent, surfactant, cosurfactant, lipid, oil, wax, pigment, dye, binder, additive, thickener,
    dispersant, defoamer, emulsifier, preservative, salt, acid, base, buffer, catalyst, cocatalyst, photoinitiator, photocatalyst, inhibitor content, stabilizer, antioxidant, flame retardant, blowing agent, coupling agent, lubricant, chain extender, polyol, isocyanate, diol,
    ligand, reagent, substrate loading, nucleophile, electrophile, additive loading, drug, api, excipient, glycerol, glycerin, glycol, alcohol, ethanol, methanol, isopropanol, acetone, toluene, amine, rubber, carbon black, carbon, cnt, cnts, swcnt, mwcnt, graphene, graphite,
    fiber, fibre, fibers, glass, glass fiber, carbon fiber, clay, talc, caco, starch, cellulose, chitosan, gelatin, alginate, protein, sugar, sucrose, electrolyte, conductive additive, active material, precursor, seed, latex, titanium dioxide, tio, zno, alumina, zeolite,
    pva, pvp, peg, pla, pcl, pvc, pvdf, pmma, tpu, sbr, nbr, epdm, sebs, dcm, thf, dmf, dmso, dmac, nmp, litfsi, sds, ctab, tween, citrate, urea, melamine, formaldehyde, peroxide, sulfur, sulphur, zinc oxide, stearic acid,
    mrwr, hrwr, vma, ggbs, ggbfs, opc, water reducer, air entrainer, media, glucose, yeast, peptone,
    zement, wasser, kies, flugasche, huettensand, zuschlag, fliessmittel, harz, haerter, fuellstoff, loesemittel, loesungsmittel, weichmacher, bindemittel, entschaeumer, verdicker, dispergiermittel, netzmittel, beschleuniger, verzoegerer, russ, kautschuk, katalysator, stabilisator, flammschutzmittel, faser, glasfaser, salz, saeure, zucker`,
  perhapsIngredient: `
    pet, pa, pp, pe, ps, pu, pc, pan, abs, eva, ec, pc, dec, dmc, emc, fec, vc, ea, bma, mma, ba, aa, ae, tsc, scm, pfa, si, span, feed, sn, cb`,
  quantity: `
    amount, mass, weight, wt, volume, vol, content, fraction, mass fraction, weight fraction, volume fraction, mole fraction, loading, catalyst loading, percentage, percent, pct, dosed, charge, equiv, equivalent, equivalents, eq, stoich, addition, parts, phr, moles, mol, share, portion, feed ratio,
    menge, masse, gewicht, volumen, anteil, massenanteil, volumenanteil, gehalt, einwaage, zugabe, teile, prozent`,
};

/** Last parts of German compounds, which no list of whole words can hold. */
const germanEndings: readonly (readonly [ending: string, Meaning])[] = [
  ['festigkeit', 'property'],
  ['zaehigkeit', 'property'],
  ['haerte', 'property'],
  ['modul', 'property'],
  ['dehnung', 'property'],
  ['leitfaehigkeit', 'property'],
  ['viskositaet', 'property'],
  ['bestaendigkeit', 'property'],
  ['ausbeute', 'property'],
  ['temperatur', 'setting'],
  ['zeit', 'setting'],
  ['dauer', 'setting'],
  ['geschwindigkeit', 'setting'],
  ['drehzahl', 'setting'],
  ['druck', 'setting'],
  ['konzentration', 'setting'],
  ['menge', 'quantity'],
  ['anteil', 'quantity'],
  ['gehalt', 'quantity'],
  ['harz', 'ingredient'],
  ['haerter', 'ingredient'],
  ['mittel', 'ingredient'],
  ['pigment', 'ingredient'],
];

const meanings = new Map<string, Meaning>();
for (const [meaning, list] of Object.entries(phrases) as [Meaning, string][])
  for (const phrase of list.split(','))
    if (phrase.trim() !== '') meanings.set(phrase.trim().replace(/\s+/g, ' '), meaning);

const longestPhrase = 4;

/** A word without its plural s, unless the s belongs to it. */
function singular(word: string): string {
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') && !word.endsWith('us')
    ? word.slice(0, -1)
    : word;
}

/** Headers of textbook tables, which are nothing but a sign: x1, y, response 2. */
const settingSigns = new Set(['x', 'factor', 'input', 'parameter', 'param', 'feature', 'faktor', 'einfluss']);
const propertySigns = new Set([
  'y',
  'response',
  'target',
  'outcome',
  'result',
  'output',
  'objective',
  'antwort',
  'zielgroesse',
  'ergebnis',
]);

/** What the words of a header say; null when none is known. */
export function lookUpMeaning(words: readonly string[]): Meaning | null {
  const letters = words.filter((word) => !/^\d+$/.test(word));
  if (letters.length === 1 && settingSigns.has(letters[0]!)) return 'setting';
  if (letters.length === 1 && propertySigns.has(letters[0]!)) return 'property';
  const singulars = words.map(singular);
  for (let length = Math.min(longestPhrase, words.length); length >= 1; length--) {
    for (let start = words.length - length; start >= 0; start--) {
      if (length === 1 && words[start]!.length === 1) continue;
      const meaning =
        meanings.get(words.slice(start, start + length).join(' ')) ??
        meanings.get(singulars.slice(start, start + length).join(' ')) ??
        (length === 1 ? germanMeaning(words[start]!) : undefined);
      if (meaning !== undefined) return meaning;
    }
  }
  // A lone letter speaks only where no word does, and in the middle of a name it is an index, as in E n-pi.
  const last = words.at(-1);
  const first = words[0];
  return (last?.length === 1 && meanings.get(last)) || (first?.length === 1 && meanings.get(first)) || null;
}

/** Whether any word or phrase of a header is a material: the PVA in `PVA conc`. */
export function namesIngredient(words: readonly string[]): boolean {
  return words.some((word, i) => {
    const pair = words.slice(i, i + 2).join(' ');
    return [word, singular(word), pair].some((phrase) => meanings.get(phrase) === 'ingredient');
  });
}

function germanMeaning(word: string): Meaning | undefined {
  return germanEndings.find(([ending]) => word.length > ending.length && word.endsWith(ending))?.[1];
}
