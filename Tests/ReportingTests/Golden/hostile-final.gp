# Draws final.svg and final.png from final.tsv. In this folder: gnuplot -d final.gp
set encoding utf8
set datafile separator tab
set datafile missing 'NaN'
unset key
set border 3 linecolor rgb '#59636e' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#59636e'
set grid ytics linetype 1 linewidth 0.8 linecolor rgb '#dfe4ea'
set lmargin at screen 0.4225
set rmargin at screen 0.744
set bmargin at screen 0.1796
set tmargin at screen 0.8592
set label 1 'Test accuracy per configuration, last evaluation' at screen 0.0161, 0.9417 left font ',17' textcolor rgb '#1f2328'
set xrange [0.936138:0.981162]
set xtics ('94' 0.94, '95' 0.95, '96' 0.96, '97' 0.97, '98' 0.98)
f(x) = x
set yrange [-9.6:0.6]
unset ytics
set border 1
set grid noytics xtics linetype 1 linewidth 0.8 linecolor rgb '#dfe4ea'
set xlabel 'test accuracy (%)' textcolor rgb '#59636e' offset 0,0.2
set label 2 '{{mustache}} {{{triple}}}' at graph -0.02, first -0 right textcolor rgb '#0072b2'
set label 3 '96.75 ± 0.12' at graph 1.02, first -0 left textcolor rgb '#1f2328'
set label 4 "'".'; system(''ls''); ''' at graph -0.02, first -1 right textcolor rgb '#d55e00'
set label 5 '96.67 ± 0.14' at graph 1.02, first -1 left textcolor rgb '#1f2328'
set label 6 '=HYPERLINK("http://x")' at graph -0.02, first -2 right textcolor rgb '#009e73'
set label 7 '96.30 ± 0.17' at graph 1.02, first -2 left textcolor rgb '#1f2328'
set label 8 'long name long name long name lo… #7' at graph -0.02, first -3 right textcolor rgb '#b4559a'
set label 9 '96.30 ± 0.19' at graph 1.02, first -3 left textcolor rgb '#1f2328'
set label 10 '□ emoji desrever' at graph -0.02, first -4 right textcolor rgb '#c98a00'
set label 11 '95.93 ± 0.14' at graph 1.02, first -4 left textcolor rgb '#1f2328'
set label 12 'a|b|c \ 100% {/Symbol a}_2^3 @us… #5' at graph -0.02, first -5 right textcolor rgb '#3fa0dc'
set label 13 '95.59 ± 0.10' at graph 1.02, first -5 left textcolor rgb '#1f2328'
set label 14 '../../etc/passwd' at graph -0.02, first -6 right textcolor rgb '#1f2328'
set label 15 '95.47 ± 0.37' at graph 1.02, first -6 left textcolor rgb '#1f2328'
set label 16 'line break and tab' at graph -0.02, first -7 right textcolor rgb '#1f2328'
set label 17 '95.30 ± 0.11' at graph 1.02, first -7 left textcolor rgb '#1f2328'
set label 18 'it''s "quoted" `touch /tmp/bench-… #1' at graph -0.02, first -8 right textcolor rgb '#1f2328'
set label 19 '94.99 ± 0.13' at graph 1.02, first -8 left textcolor rgb '#1f2328'
set label 20 '<script>alert(''x'')</script> & <b… #4' at graph -0.02, first -9 right textcolor rgb '#1f2328'
set label 21 '95.58 ± 0.39  (2 of 3)' at graph 1.02, first -9 left textcolor rgb '#1f2328'

set terminal svg size 871,412 dynamic noenhanced font 'sans-serif,15' background '#ffffff'
set output 'final.svg'
plot \
  'final.tsv' index 0 using (f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):2:(f($3 < 0.936138 ? 0.936138 : ($3 > 0.981162 ? 0.981162 : $3)) - f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):(0) with vectors nohead linewidth 9 linecolor rgb '#a6cee4', \
  'final.tsv' index 1 using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '#0072b2', \
  'final.tsv' index 2 using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 linecolor rgb '#0072b2', \
  'final.tsv' index 3 using (f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):2:(f($3 < 0.936138 ? 0.936138 : ($3 > 0.981162 ? 0.981162 : $3)) - f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):(0) with vectors nohead linewidth 9 linecolor rgb '#f0c7a6', \
  'final.tsv' index 4 using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '#d55e00', \
  'final.tsv' index 5 using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 linecolor rgb '#d55e00', \
  'final.tsv' index 6 using (f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):2:(f($3 < 0.936138 ? 0.936138 : ($3 > 0.981162 ? 0.981162 : $3)) - f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):(0) with vectors nohead linewidth 9 linecolor rgb '#a6ddce', \
  'final.tsv' index 7 using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '#009e73', \
  'final.tsv' index 8 using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 linecolor rgb '#009e73', \
  'final.tsv' index 9 using (f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):2:(f($3 < 0.936138 ? 0.936138 : ($3 > 0.981162 ? 0.981162 : $3)) - f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):(0) with vectors nohead linewidth 9 linecolor rgb '#e5c4dc', \
  'final.tsv' index 10 using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '#b4559a', \
  'final.tsv' index 11 using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 linecolor rgb '#b4559a', \
  'final.tsv' index 12 using (f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):2:(f($3 < 0.936138 ? 0.936138 : ($3 > 0.981162 ? 0.981162 : $3)) - f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):(0) with vectors nohead linewidth 9 linecolor rgb '#ecd6a6', \
  'final.tsv' index 13 using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '#c98a00', \
  'final.tsv' index 14 using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 linecolor rgb '#c98a00', \
  'final.tsv' index 15 using (f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):2:(f($3 < 0.936138 ? 0.936138 : ($3 > 0.981162 ? 0.981162 : $3)) - f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):(0) with vectors nohead linewidth 9 linecolor rgb '#bcdef3', \
  'final.tsv' index 16 using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '#3fa0dc', \
  'final.tsv' index 17 using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 linecolor rgb '#3fa0dc', \
  'final.tsv' index 18 using (f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):2:(f($3 < 0.936138 ? 0.936138 : ($3 > 0.981162 ? 0.981162 : $3)) - f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):(0) with vectors nohead linewidth 9 linecolor rgb '#c5c8cc', \
  'final.tsv' index 19 using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '#59636e', \
  'final.tsv' index 20 using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 linecolor rgb '#59636e', \
  'final.tsv' index 21 using (f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):2:(f($3 < 0.936138 ? 0.936138 : ($3 > 0.981162 ? 0.981162 : $3)) - f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):(0) with vectors nohead linewidth 9 linecolor rgb '#c5c8cc', \
  'final.tsv' index 22 using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '#59636e', \
  'final.tsv' index 23 using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 linecolor rgb '#59636e', \
  'final.tsv' index 24 using (f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):2:(f($3 < 0.936138 ? 0.936138 : ($3 > 0.981162 ? 0.981162 : $3)) - f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):(0) with vectors nohead linewidth 9 linecolor rgb '#c5c8cc', \
  'final.tsv' index 25 using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '#59636e', \
  'final.tsv' index 26 using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 linecolor rgb '#59636e', \
  'final.tsv' index 27 using (f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):2:(f($3 < 0.936138 ? 0.936138 : ($3 > 0.981162 ? 0.981162 : $3)) - f($1 < 0.936138 ? 0.936138 : ($1 > 0.981162 ? 0.981162 : $1))):(0) with vectors nohead linewidth 9 linecolor rgb '#c5c8cc', \
  'final.tsv' index 28 using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '#59636e', \
  'final.tsv' index 29 using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 linecolor rgb '#59636e'
unset output

set terminal pngcairo size 1742,824 noenhanced font 'sans-serif,11.3' fontscale 2 linewidth 2 pointscale 2 background '#ffffff'
set output 'final.png'
replot
unset output
