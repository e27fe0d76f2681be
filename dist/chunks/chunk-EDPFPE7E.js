import{createRequire as createBundleRequire}from'node:module';const require=createBundleRequire(import.meta.url);
import{diffLines,documentOf}from"./chunk-XT2K2VO6.js";import{plainLine}from"./chunk-BDORDLW6.js";import{__name}from"./chunk-ELCRS7DS.js";var rowsMax=200;function summaryText(outcome){let{heading,blocks}=documentOf(outcome),parts=blocks.map(blockText);return`${[...heading===""?[]:[plainLine(heading)],...parts].join(`

`)}
`}__name(summaryText,"summaryText");function blockText(block){switch(block.kind){case"line":return`${block.isAlert===!0?"! ":""}${cellText(block.text)}`;case"facts":{let width=Math.max(0,...block.facts.map(fact=>fact.name.length));return block.facts.map(fact=>`${plainLine(fact.name).padEnd(width)}  ${cellText(fact.value)}`).join(`
`)}case"table":return`${block.title}
${fitted(block.rows.map(cells=>cells.map(cellText).join("  ")))}`;case"list":return`${block.title}
${fitted(block.items.map(cellText))}`;case"diff":return`${block.title}
${fitted(block.items.map(item=>[cellText(item.head),...diffLines(item).map(line=>`    ${line}`)].join(`
`)))}`;case"code":return`${block.title}

${block.text}`;case"own":return block.text.trimEnd()}}__name(blockText,"blockText");function fitted(lines){let kept=lines.slice(0,rowsMax).map(line=>`  ${line}`),missing=lines.length-kept.length;return[...kept,...missing===0?[]:[`  … and ${missing} more; --json has them all.`]].join(`
`)}__name(fitted,"fitted");function cellText(cell){let text=cell.map(piece=>typeof piece=="string"?piece:piece.label).join("");return plainLine(text,600)}__name(cellText,"cellText");export{summaryText};
