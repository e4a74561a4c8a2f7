# Made by npm run docs from policies/accepted-findings.ts.
package fugue.regula.config

waivers[waiver] {
  waiver := {"rule_id": "FG_R00010"}
}

waivers[waiver] {
  waiver := {"rule_id": "FG_R00018"}
}

waivers[waiver] {
  waiver := {"rule_id": "FG_R00067"}
}

waivers[waiver] {
  waiver := {"rule_id": "FG_R00068"}
}

waivers[waiver] {
  waiver := {"rule_id": "FG_R00070"}
}

waivers[waiver] {
  waiver := {"rule_id": "FG_R00073"}
}

waivers[waiver] {
  waiver := {"rule_id": "FG_R00251"}
}

waivers[waiver] {
  waiver := {"rule_id": "FG_R00274"}
}

waivers[waiver] {
  waiver := {"rule_id": "FG_R00275"}
}

waivers[waiver] {
  waiver := {"rule_id": "FG_R00280"}
}

waivers[waiver] {
  waiver := {"rule_id": "FG_R00354"}
}

waivers[waiver] {
  waiver := {"rule_id": "FG_R00355"}
}

waivers[waiver] {
  waiver := {"rule_id": "FG_R00500"}
}
