//! How `page.js` is made: what is taken out of a module, and how modules become one.

#[path = "../build/bundle.rs"]
mod bundle;
#[path = "../build/protocol.rs"]
mod protocol;
#[path = "../build/squeeze.rs"]
mod squeeze;
#[path = "../build/styles.rs"]
mod styles;

use bundle::{Sources, bundled};
use squeeze::{on_few_lines, squeezed};

#[track_caller]
fn check(source: &str, expected: &str) {
    assert_eq!(squeezed(source).as_deref(), Ok(expected), "{source}");
}

fn sources(modules: &[(&str, &str)]) -> Sources {
    modules.iter().map(|(path, source)| ((*path).to_owned(), squeezed(source).unwrap())).collect()
}

#[test]
fn comments_and_spaces_are_taken_out() {
    check("// A head.\n\n/** @type {X} */\nconst a = [1, 2]; // so\n", "const a=[1,2];\n");
    check("  if (a) {\n    b(/** @type {any} */ (c));\n  }\n", "if(a){\nb((c));\n}\n");
    check("return /** @type {X} */ (y)", "return(y)");
    check("a = b /* c\n d */ + e", "a=b\n+e");
    check("let a/**/b", "let a b");
}

#[test]
fn a_line_ends_where_it_ended() {
    check("a\n\n\n(b)", "a\n(b)");
    check("return\n  a", "return\na");
}

#[test]
fn operators_that_would_become_others_keep_their_spaces() {
    check("a + +b - -c", "a+ +b- -c");
    check("a++ + ++b - c--", "a++ + ++b-c--");
    check("a / b / c", "a / b / c");
    check("x => y ? 1 : 2", "x=>y?1:2");
    check("for (const a of [b]) in_(c)", "for(const a of[b])in_(c)");
}

#[test]
fn texts_are_left_alone() {
    check("a('// no', \"/* no */\", 'it\\'s')", "a('// no',\"/* no */\",'it\\'s')");
    check("`  // ${ a + `/* ${b} */` + { c: 1 }.c }  `", "`  // ${a+`/* ${b} */`+{c:1}.c }  `");
    check("`\n  kept  \n` + a", "`\n  kept  \n`+a");
    check("'Grüße …' + \"\u{d7}\"", "'Grüße …'+\"\u{d7}\"");
}

#[test]
fn a_regular_expression_is_told_from_a_division() {
    check("a.replace(/[/'\"]+/g, b)", "a.replace(/[/'\"]+/g,b)");
    check("return /\\/\\*x/.test(a)", "return /\\/\\*x/.test(a)");
    check("const half = (a + b) / 2; // '", "const half=(a+b)/ 2;");
    check("a[1] / b; c / 'd'", "a[1]/ b;c / 'd'");
    check("a++ / b; c-- / 'd / e'", "a++/ b;c--/ 'd / e'");
    check("throw /'/; a.of / 'b  / c'", "throw /'/;a.of / 'b  / c'");
}

#[test]
fn a_private_name_is_short_and_the_same_in_all_of_a_module() {
    check(
        "class A {\n  #first = 1;\n  #firstOfAll = '#first';\n  a = (b) => #first in b && `#${this.#firstOfAll}`;\n}",
        "class A{\n#a=1;\n#b='#first';\na=(b)=>#a in b&&`#${this.#b}`;\n}",
    );
    let many: String = (0..27).map(|number| format!("#name{number};\n")).collect();
    assert!(squeezed(&many).unwrap().ends_with("#z;\n#a1;\n"), "there are more names than letters");
}

#[test]
fn all_in_one_keeps_only_the_ends_of_lines_that_may_end_a_statement() {
    let few = |source: &str, expected: &str| assert_eq!(on_few_lines(source).as_deref(), Ok(expected), "{source}");
    few("a;\nb(\nc,\nd\n);\n", "a;b(c,d);");
    few("if(a){\nb\n}\nc\n", "if(a){b}\nc\n");
    few("a\n.b()\n?.c\n", "a.b()?.c\n");
    few("a++\nb\n+c\n", "a++\nb\n+c\n");
    few("a=1\n.b()\n", "a=1\n.b()\n");
    few("class A{\n#a=1;\nb\n#c;\nstatic\n[d]\n*e(){}\n}\n", "class A{#a=1;b\n#c;static\n[d]\n*e(){}}\n");
    few("a:\nfor(;;){\nbreak a\n}\n", "a:for(;;){break a}\n");
    few("return\na\n(b)\n[c]\n`d`\n", "return\na\n(b)\n[c]\n`d`\n");
    few("`;\n  ${a\n} {\n`;\n#a;\n", "`;\n  ${a\n} {\n`;#a;");
    few("a=b\n?/;\\n/:c\n", "a=b?/;\\n/:c\n");
}

#[test]
fn tables_that_the_page_does_not_read_are_left_out() {
    let module = "export const protocol = {\n  \"version\": 8,\n  \"limits\": {\n    \"errors\": 1,\n    \"types\": 2\n  },\n  \"errors\": [\n    {}\n  ],\n  \"types\": {\n    \
                  \"limits\": 3\n  },\n  \"close_codes\": [\n    1\n  ]\n};\n";
    let read = "export const protocol = {\n  \"version\": 8,\n  \"types\": {\n    \"limits\": 3\n  },\n};\n";
    assert_eq!(protocol::without_unread(module), read);
}

#[test]
fn what_does_not_end_is_refused() {
    for source in ["'a", "'a\n'", "`a", "`${a", "/* a", "a = /b", "a = /b\n/"] {
        squeezed(source).expect_err(source);
    }
}

#[test]
fn modules_run_in_their_order_and_give_what_they_export() {
    let modules = sources(&[
        ("src/main.js", "import { b, c as d } from './b.js';\nimport { one } from '../sdk/index.js';\nb(d, one);\n"),
        ("src/b.js", "import { a } from './deep/a.js';\nexport const b = a;\nexport function c() {}\n"),
        ("src/deep/a.js", "export class a {}\nexport async function e() {}\n"),
        ("sdk/index.js", "export { x as one } from './x.js';\nconst y = 1;\nexport { y, y as z };\n"),
        ("sdk/x.js", "export const x = import.meta.url;\n"),
        ("sdk/unused.js", "export const unused = 1;\n"),
    ]);
    let expected = "const $0=(()=>{\nclass a{}\nasync function e(){}\nreturn{a,e};\n})();\n\
                    const $1=(()=>{\nconst{a}=$0;\nconst b=a;\nfunction c(){}\nreturn{b,c};\n})();\n\
                    const $2=(()=>{\nconst x=new URL('sdk/x.js',import.meta.url);\nreturn{x};\n})();\n\
                    const $3=(()=>{\nconst y=1;\nreturn{one:$2.x,y,z:y};\n})();\n\
                    const $4=(()=>{\nconst{b,c:d}=$1;\nconst{one}=$3;\nb(d,one);\n})();\n";
    assert_eq!(bundled("src/main.js", &modules).as_deref(), Ok(expected));
}

#[test]
fn forms_that_are_not_known_are_refused() {
    let refused = |source: &str| {
        let modules =
            sources(&[("src/main.js", source), ("src/a.js", "import { m } from './main.js';\nexport const a = 1;\n")]);
        bundled("src/main.js", &modules).expect_err(source)
    };
    for source in [
        "import a from './a.js';",
        "import './a.js';",
        "import * as a from './a.js';",
        "export * from './a.js';",
        "export default a;",
        "export let a = 1;",
        "export const { a } = b;",
        "import { a } from \"./a.js\";",
    ] {
        assert!(refused(source).contains("of another form"), "{source}: {}", refused(source));
    }
    assert!(refused("import { a } from './a.js';").contains("in a circle"), "a circle has no order");
    assert!(refused("import { a } from './gone.js';").contains("is not there"), "what is not there");
    assert!(refused("import { a } from '../../a.js';").contains("leads out"), "or elsewhere");
    assert!(refused("import { a } from './a.js'").contains("does not end"), "nor half a statement");
}

#[test]
fn styles_are_one_file_in_their_order() {
    let page = "<head>\n    <link rel=\"stylesheet\" href=\"styles/a.css\" />\n    \
                <link rel=\"stylesheet\" href=\"styles/b.css\" />\n</head>\n";
    let read = |path: &str| match path {
        "styles/a.css" => Ok("/* A head.\n */\na {\n  color: red; /* so */\n}\n".to_owned()),
        "styles/b.css" => Ok("b { top: 0 }".to_owned()),
        other => Err(format!("{other} is not there")),
    };
    let (with_one, joined) = styles::joined(page, "page.css", read).unwrap();
    assert_eq!(with_one, "<head>\n    <link rel=\"stylesheet\" href=\"page.css\" />\n</head>\n");
    assert_eq!(joined, "a{color:red}b{top:0}");
    let one = |styles: &str| styles::joined(page, "page.css", |_| Ok(styles.to_owned())).unwrap().1;
    let (spaced, kept) =
        ("a :hover > b ,\nc {\n  content: 'a ; b > \\'  c';\n}\n", "a :hover>b,c{content:'a ; b > \\'  c'}");
    assert_eq!(one(spaced), kept.repeat(2), "what is in quotes, and a space that says something");
    let query = "@media (min-width: 1em) and (hover) { a { margin: calc(1em + 2px) -1px } }";
    let expected = "@media (min-width:1em) and (hover){a{margin:calc(1em + 2px) -1px}}";
    assert_eq!(one(query), expected.repeat(2), "and between words");
    for wrong in ["a { background: url(x.svg) }", "@import 'x.css';", "/* no end"] {
        styles::joined(page, "page.css", |_| Ok(wrong.to_owned())).expect_err(wrong);
    }
    styles::joined(page, "page.css", |path| Err(path.to_owned())).expect_err("they are not there");
}
