# Draws time.svg and time.png from time.tsv. In this folder: gnuplot -d time.gp
set encoding utf8
set datafile separator tab
set datafile missing 'NaN'
unset key
set border 3 linecolor rgb '#59636e' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#59636e'
set grid ytics linetype 1 linewidth 0.8 linecolor rgb '#dfe4ea'
set lmargin at screen 0.0895
set rmargin at screen 0.8829
set bmargin at screen 0.1435
set tmargin at screen 0.8739
set label 1 'Test accuracy against training time' at screen 0.0184, 0.9478 left font ',17' textcolor rgb '#1f2328'
set xrange [0:12.6929]
set xtics ('0' 0, '5' 5, '10' 10)
set yrange [0.928992:0.971458]
set ytics ('93' 0.93, '94' 0.94, '95' 0.95, '96' 0.96, '97' 0.97)
f(x) = x
g(x) = x
set xlabel 'training time of a trial (s)' textcolor rgb '#59636e' offset 0,0.2
set label 100000 'test accuracy (%)' at screen 0.0263, graph 0.5 center rotate textcolor rgb '#59636e'
set label 2 'Model A' at graph 0.9616, graph 0.9464 left textcolor rgb '#0072b2'
set label 3 'Model B' at graph 0.8945, graph 0.0536 left textcolor rgb '#d55e00'
set label 4 'Model C' at graph 0.568, graph 0.9076 right textcolor rgb '#009e73'

set terminal svg size 760,460 dynamic noenhanced font 'sans-serif,15' background '#ffffff'
set output 'time.svg'
plot \
  'time.tsv' index 0 using (g($1)):(f($2)) with lines linewidth 1.4 dashtype 2 linecolor rgb '#59636e', \
  'time.tsv' index 1 using (g($1)):(f($2)) with points pointtype 7 pointsize 1.1 linecolor rgb '#0072b2', \
  'time.tsv' index 2 using (g($1)):(f($2)) with points pointtype 7 pointsize 1.1 linecolor rgb '#d55e00', \
  'time.tsv' index 3 using (g($1)):(f($2)) with points pointtype 7 pointsize 1.1 linecolor rgb '#009e73'
unset output

set terminal pngcairo size 1520,920 noenhanced font 'sans-serif,11.3' fontscale 2 linewidth 2 pointscale 2 background '#ffffff'
set output 'time.png'
replot
unset output
